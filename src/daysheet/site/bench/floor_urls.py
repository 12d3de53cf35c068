"""The floor takes every address; the office's own stand behind it, so that its templates find their names."""

from django.urls import re_path

from daysheet.site import urls
from daysheet.site.bench.replay import answer

urlpatterns = [re_path("^", answer), *urls.urlpatterns]
