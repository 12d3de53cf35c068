"""The addresses of the academy; each of its rooms names its own pages."""

from django.urls import include, path

app_name = "academy"

urlpatterns = [
    path("", include("daysheet.academy.home.urls")),
    path("", include("daysheet.academy.facts.urls")),
    path("", include("daysheet.academy.planner.urls")),
    path("", include("daysheet.academy.pay.urls")),
    path("", include("daysheet.academy.programs.urls")),
]
