"""The room `academy` as a Django app."""

from django.apps import AppConfig


class AcademyConfig(AppConfig):
    """The school of the trade: public pages, no sign-in."""

    name = "daysheet.academy"
    label = "academy"

    def ready(self) -> None:
        """Tell the pages whose figures they show: a newly loaded pack draws every page anew."""
        from daysheet.academy import public
        from daysheet.academy.figures import pack

        public.edition_comes_from(pack.edition)
