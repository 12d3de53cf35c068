"""The composition root as a Django app (its management of the whole)."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site."""

    name = "daysheet.site"
    label = "daysheet_site"
