"""The addresses of the academy's front door."""

from django.urls import path

from daysheet.academy.home.views import door, outside

urlpatterns = [
    path("", door.home, name="home"),
    path("job/", door.job, name="job"),
    path("jobs/", door.jobs, name="jobs"),
    path("start/", door.start, name="start"),
    path("who/", door.who, name="who"),
    path("questions/", door.questions, name="questions"),
    path("search/", door.search, name="search"),
    path("sitemap.xml", outside.sitemap, name="sitemap"),
    path("feed.xml", outside.feed, name="feed"),
    path("pictures/<slug:name>.png", outside.picture, name="picture"),
]
