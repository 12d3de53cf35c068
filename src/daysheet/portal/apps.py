"""The room `portal` as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The patients' own door: what a link in a message opens, the kiosk, the own phone."""

    name = "daysheet.portal"
    label = "portal"

    def ready(self) -> None:
        """Tell the desk how far a patient's own check-in is."""
        from daysheet.frontdesk import beside
        from daysheet.portal.beside import signs

        beside.askers.append(signs)
