"""The floor takes every address; the office's own stand behind it, so that its templates find their names."""

from django.urls import path, re_path

from daysheet.site import urls
from daysheet.site.bench.replay import answer, book

urlpatterns = [path("schedule/book/<uuid:patient_id>/", book), re_path("^", answer), *urls.urlpatterns]
