"""The room `portal` as a Django app."""

from uuid import UUID

from django.apps import AppConfig

from daysheet.kernel.access import Actor


class PortalConfig(AppConfig):
    """The patients' own door: what a link in a message opens, the kiosk, the own phone."""

    name = "daysheet.portal"
    label = "portal"

    def ready(self) -> None:
        """Tell the desk how far a patient's own check-in is; what was signed ahead counts once the patient has come."""
        from daysheet.frontdesk import beside
        from daysheet.portal.beside import signs
        from daysheet.visits import followers

        beside.askers.append(signs)
        followers.begun.append(put_forms)


def put_forms(by: Actor, visit_id: UUID) -> None:
    """Let what was signed from home stand at the visit."""
    from daysheet.portal import commands, queries

    if queries.forms_ahead(visit_id):
        commands.put_forms_to_visit(by, visit_id=visit_id)
