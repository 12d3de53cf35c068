"""The room `frontdesk` as a Django app."""

from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor, Can
from daysheet.ui.verbs import Verb


class FrontdeskConfig(AppConfig):
    """The desk's own screens: day board, check-in, check-out, waiting room."""

    name = "daysheet.frontdesk"
    label = "frontdesk"

    def ready(self) -> None:
        """Take the fee of a missed visit back when the visit stands again, and tell what was decided about it.

        The to-do of a visit follows the money, and so do recalls that wait for it; a card named for a visit follows
        the visit. Who is looked for as a walk-in goes on to the arrival.
        """
        from daysheet.frontdesk import cards_ahead
        from daysheet.frontdesk.missed_visits import fee_words, fees_decided
        from daysheet.frontdesk.paid_recalls import go_on
        from daysheet.frontdesk.paid_steps import open_unpaid, tick_again, tick_paid
        from daysheet.ledger import followers as of_money
        from daysheet.ledger.queries import owing
        from daysheet.patients import coming_from
        from daysheet.schedule import followers

        coming_from.leads_to("walk-in", "frontdesk:walk-in")
        followers.stands_again.append(forget_missed)
        followers.given_up.append(cards_ahead.let_go)
        followers.stands_after_all.append(cards_ahead.name_again)
        followers.gone_over.append(cards_ahead.go_along)
        followers.fee_words.append(fee_words)
        followers.fees_decided.append(fees_decided)
        followers.owing.append(owing)
        of_money.taken.append(tick_paid)
        of_money.went_back.append(open_unpaid)
        of_money.came_back.append(tick_again)
        of_money.cleared.append(go_on)


def forget_missed(by: Actor, appointment_id: UUID) -> None:
    """Take the fee back of a visit that was not missed after all."""
    from daysheet.frontdesk import commands

    commands.forget_missed(by, appointment_id=appointment_id)


NAV = [("board", "Day board", "frontdesk:board", "board", Can.SEE_SCHEDULE, 20)]

VERBS = [
    Verb(
        _("Day board"),
        "frontdesk:board",
        Can.SEE_SCHEDULE,
        ("board", "flow board", "check in", "check out", "who is here"),
    ),
    Verb(_("Unresolved appointments"), "frontdesk:unresolved", Can.SEE_SCHEDULE, ("unresolved",)),
    Verb(
        _("Eligibility"),
        "frontdesk:needs",
        Can.ASK_ELIGIBILITY,
        ("insurance check", "verify insurance", "benefits", "270", "rte", "run eligibility"),
    ),
    Verb(
        _("Downtime packets"), "frontdesk:packets", Can.SEE_SCHEDULE, ("downtime", "packet", "print tomorrow")
    ),
    Verb(_("The line"), "frontdesk:line", Can.SEE_SCHEDULE, ("tokens", "line", "queue")),
    Verb(
        _("Waiting room wall"), "frontdesk:wall", Can.SEE_SCHEDULE, ("wall", "wall display", "waiting room")
    ),
    Verb(
        _("Check in"),
        "frontdesk:patient-check-in",
        Can.SEE_SCHEDULE,
        ("arrive", "arrived"),
        of_patient=True,
        of_visit=True,
    ),
    Verb(
        _("Walk-in"),
        "frontdesk:walk-in",
        Can.MOVE_PATIENT,
        ("walkin", "without appointment", "is here"),
        of_patient=True,
    ),
]
