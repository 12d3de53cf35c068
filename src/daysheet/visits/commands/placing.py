"""Where a visit took place: in the office, by video, in a hospital, at home; and who may join by video."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.schedule.remote import MODES, VIDEO, is_remote
from daysheet.visits.commands.flow import _held
from daysheet.visits.models import CarePlace, Visit, VisitStep
from daysheet.visits.places import labels
from daysheet.visits.rules import OVER

CONSENT = "telehealth_consent"


class PlaceIsWrong(Refusal):
    """Something of where a visit took place cannot be."""


class NoMeeting(Refusal):
    """The visit is not by video, or it is over."""


@command(needs=Can.ENTER_CHARGES)
def say_where(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    version: int,
    mode: str,
    at_home: bool | None = None,
    place_of_service: str = "",
    care_place_id: UUID | None = None,
    admitted_on: date | None = None,
) -> Visit:
    """Say where a visit took place and how; an empty place of service follows from the rest.

    Raises PlaceIsWrong or StaleForm. A claim that is made already keeps what it says.
    """
    visit = _held(visit_id, version)
    code = place_of_service.strip()
    _must_be(visit, mode, code, care_place_id, admitted_on)
    before = _said(visit)
    visit.mode, visit.at_home = mode, at_home if is_remote(mode) else None
    visit.place_of_service, visit.care_place_id, visit.admitted_on = code, care_place_id, admitted_on
    if mode != VIDEO:
        visit.meeting_opened_at = None
    visit.version += 1
    visit.save(
        update_fields=[
            "mode", "at_home", "place_of_service", "care_place", "admitted_on", "meeting_opened_at", "version",
        ]
    )  # fmt: skip
    _ask_for_consent(visit)
    record(by, "visits.visit.placed", visit, before=before, now=_said(visit))
    announce(by.practice_id, "visits", str(visit.pk))
    return visit


@command(needs=Can.MOVE_PATIENT)
def open_meeting(by: Actor, /, *, visit_id: UUID, version: int) -> Visit:
    """Let the patient of a video visit join: the patient's own page shows the way in. Raises NoMeeting, StaleForm."""
    visit = _held(visit_id, version)
    if visit.mode != VIDEO or visit.flow in OVER:
        raise NoMeeting(_("Only a visit by video that is not over yet can be opened."))
    return _set_opened(by, visit, is_open=True)


@command(needs=Can.MOVE_PATIENT)
def close_meeting(by: Actor, /, *, visit_id: UUID, version: int) -> Visit:
    """Take the way in back: the patient waits on. Raises NoMeeting, StaleForm."""
    visit = _held(visit_id, version)
    if visit.meeting_opened_at is None:
        raise NoMeeting(_("The patient could not join yet."))
    return _set_opened(by, visit, is_open=False)


@command(needs=Can.MOVE_PATIENT)
def say_at_home(by: Actor, /, *, visit_id: UUID, version: int, at_home: bool) -> Visit:
    """Keep where the patient of a visit by video or phone says to be: at home, or elsewhere."""
    visit = _held(visit_id, version)
    if not is_remote(visit.mode):
        raise NoMeeting(_("This visit is in the office."))
    visit.at_home = at_home
    visit.version += 1
    visit.save(update_fields=["at_home", "version"])
    record(by, "visits.visit.located", visit, at_home=at_home)
    announce(by.practice_id, "visits", str(visit.pk))
    return visit


def _set_opened(by: Actor, visit: Visit, *, is_open: bool) -> Visit:
    visit.meeting_opened_at = by.now if is_open else None
    visit.version += 1
    visit.save(update_fields=["meeting_opened_at", "version"])
    record(by, "visits.meeting.opened" if is_open else "visits.meeting.closed", visit)
    announce(by.practice_id, "visits", str(visit.pk))
    return visit


def _must_be(
    visit: Visit, mode: str, code: str, care_place_id: UUID | None, admitted_on: date | None
) -> None:
    if visit.flow == Visit.Flow.UNDONE or visit.is_imported:
        raise PlaceIsWrong(_("This visit does not stand. Choose another one."))
    if mode not in MODES:
        raise PlaceIsWrong(_("It was in person, by video or by phone."), mode=_("Choose one of them."))
    if code and code not in labels():
        raise PlaceIsWrong(
            _("A place of service is two digits of the list that CMS keeps."),
            place_of_service=_("Choose one of the list."),
        )
    kept = care_place_id is None or CarePlace.objects.filter(pk=care_place_id).exists()
    if not kept:
        raise PlaceIsWrong(_("That place is not on the books."), care_place=_("Choose one of the places."))
    if admitted_on is not None and admitted_on > visit.service_on:
        raise PlaceIsWrong(
            _("The patient was seen before that day. Check when the patient was admitted."),
            admitted_on=_("Not after the visit."),
        )


def _ask_for_consent(visit: Visit) -> None:
    """Let check-in ask for the consent where the visit is by video or phone, and not where it is not."""
    steps = VisitStep.objects.filter(visit=visit, stage="check_in")
    held = steps.filter(kind=CONSENT).first()
    wanted = is_remote(visit.mode)
    if held is not None:
        steps.filter(pk=held.pk, state=VisitStep.State.OPEN).update(is_required=wanted)
    elif wanted and visit.flow == Visit.Flow.ARRIVED:
        last = VisitStep.objects.filter(visit=visit).order_by("-rank").first()
        VisitStep.objects.create(
            visit=visit, stage="check_in", kind=CONSENT, rank=last.rank + 1 if last else 1, often="yearly"
        )


def _said(visit: Visit) -> dict[str, str]:
    return {
        "mode": visit.mode,
        "at_home": str(visit.at_home),
        "place": visit.place_of_service,
        "care_place": str(visit.care_place_id or ""),
        "admitted_on": str(visit.admitted_on or ""),
    }
