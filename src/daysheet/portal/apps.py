"""The room `portal` as a Django app."""

from django.apps import AppConfig

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb


class PortalConfig(AppConfig):
    """The patients' own door: what a link in a message opens, the kiosk, the own phone."""

    name = "daysheet.portal"
    label = "portal"

    def ready(self) -> None:
        """Tell the desk how far an own check-in is; it follows a visit that begins, is moved or is given up."""
        from daysheet.frontdesk import beside
        from daysheet.portal import following
        from daysheet.portal.beside import signs
        from daysheet.schedule import followers as of_schedule
        from daysheet.visits import followers as of_visits

        beside.askers.append(signs)
        of_visits.begun.append(following.put_forms)
        of_visits.in_the_car.append(following.wait_in_car)
        of_schedule.given_up.append(following.give_up)
        of_schedule.stands_after_all.append(following.stand_again)
        of_schedule.gone_over.append(following.go_over)


VERBS = [
    Verb("Kiosks and walls", "portal:kiosks", Can.MOVE_PATIENT, ("kiosk", "kiosks", "tablet")),
]
