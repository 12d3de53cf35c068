"""Advance notices (ABN): written, mended until they are signed, signed, replaced, taken out, put on paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import notices
from daysheet.coverage.notice import AdvanceNotice
from daysheet.coverage.rules.notices import ONLY_ORIGINAL, year_after
from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.money import say
from daysheet.letters import pdf
from daysheet.letters import queries as letters

MOST_COST = Decimal("99999.99")


class NoticeIsWrong(Refusal):
    """Something of a notice cannot be: its days, its cost, whose plan it is."""


class NoticeIsSigned(Refusal):
    """A signed notice is never changed; another one takes its place."""


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What the patient reads: the service, why Medicare may not pay, what it may cost."""

    service: str
    why: str
    reason: str
    cost: Decimal
    service_on: date
    code: str = ""


@command(needs=Can.EDIT_COVERAGE)
def write_notice(
    by: Actor, /, *, patient_id: UUID, facts: NoticeFacts, today: date, replaces_id: UUID | None = None
) -> AdvanceNotice:
    """Write an advance notice for a patient of original Medicare, in the place of another one where that is named.

    Raises NoticeIsWrong; for any other plan, and for a service whose day has gone by.
    """
    coverage, tidy = _judged(patient_id, facts, today)
    if replaces_id is not None:
        _stands(patient_id, replaces_id)
    held = AdvanceNotice.objects.create(
        patient_id=patient_id,
        coverage_id=coverage,
        given_on=today,
        replaces_id=replaces_id,
        **tidy,
    )
    record(by, "coverage.notice.written", held, replaces=str(replaces_id or ""))
    announce(by.practice_id, "coverage", str(patient_id))
    return held


@command(needs=Can.EDIT_COVERAGE)
def change_notice(
    by: Actor, /, *, notice_id: UUID, version: int, facts: NoticeFacts, today: date
) -> AdvanceNotice:
    """Mend a notice that is not signed yet. Raises NoticeIsSigned after."""
    held = _open(notice_id, version)
    coverage, tidy = _judged(held.patient_id, facts, today)
    held.coverage_id, held.given_on = coverage, today
    changed = sorted(key for key, value in tidy.items() if getattr(held, key) != value)
    for key, value in tidy.items():
        setattr(held, key, value)
    _save(by, held)
    record(by, "coverage.notice.changed", held, changed=changed)
    return held


@command(needs=Can.EDIT_COVERAGE)
def sign_notice(
    by: Actor, /, *, notice_id: UUID, version: int, option: str, signed_on: date, signed_by: str, today: date
) -> AdvanceNotice:
    """Write down which option the patient chose, and who signed on which day: before the service, never after.

    The office chooses no option for a patient. Raises NoticeIsWrong or NoticeIsSigned.
    """
    held = _open(notice_id, version)
    if option not in AdvanceNotice.Option.values:
        raise NoticeIsWrong(_("Write down which option the patient chose."), option=_("One of the three."))
    if not signed_by.strip():
        raise NoticeIsWrong(_("Write the name as it was signed."), signed_by=_("The name as signed."))
    if not held.given_on <= signed_on <= today:
        raise NoticeIsWrong(
            _("It is signed after it was given and not ahead of today."), signed_on=_("Check the day.")
        )
    if signed_on > held.service_on:
        raise NoticeIsWrong(
            _(
                "It was signed after the service, so it does not hold: the patient cannot be asked to pay. "
                "Leave it unsigned; the claim then says GZ."
            ),
            signed_on=_("After the service."),
        )
    held.option, held.signed_on, held.signed_by = option, signed_on, signed_by.strip()
    held.expires_on = year_after(signed_on)
    _save(by, held)
    record(by, "coverage.notice.signed", held, option=option)
    return held


@command(needs=Can.EDIT_COVERAGE)
def mark_notice_in_error(by: Actor, /, *, notice_id: UUID, version: int, reason: str) -> AdvanceNotice:
    """Take out a notice that was never true; the history keeps it, and one that it replaced stands again."""
    held = _held(notice_id, version)
    if not reason.strip():
        raise NoticeIsWrong(_("Say why this was never true."), reason=_("Give a reason."))
    held.entered_in_error_at = by.now
    _save(by, held)
    record(by, "coverage.notice.entered-in-error", held, reason=reason)
    return held


@command(needs=Can.EDIT_COVERAGE)
def print_notice(by: Actor, /, *, notice_id: UUID) -> Document:
    """Put a notice on paper, to be signed or as it was signed, and keep it with the patient's papers."""
    held = AdvanceNotice.objects.select_related("patient").filter(pk=notice_id).first()
    if held is None or held.entered_in_error_at is not None:
        raise NoticeIsWrong(_("That notice is not known to this office, or was taken out."))
    paper = documents.keep_document(
        by,
        kind="letter",
        title=_("Advance notice of what Medicare may not pay (ABN)"),
        media_type="application/pdf",
        content=pdf.render("abn", _on_paper(by, held)),
        patient_id=held.patient_id,
        subject=held,
    )
    record(by, "coverage.notice.printed", held, paper=str(paper.pk))
    return paper


def _on_paper(by: Actor, held: AdvanceNotice) -> dict[str, Any]:
    """Return the facts of the form; the patient's number is the chart's, never Medicare's (form instructions, C)."""
    return letters.frame(by) | {
        "title": _("Advance notice"),
        "patient": f"{held.patient.given} {held.patient.family}",
        "number": str(held.patient.chart_number),
        "service": held.service,
        "reason": held.reason,
        "cost": say(held.cost),
        "option": held.option,
        "signed_by": held.signed_by,
        "signed_on": f"{held.signed_on:%B} {held.signed_on.day}, {held.signed_on.year}"
        if held.signed_on
        else "",
    }


def _held(notice_id: UUID, version: int) -> AdvanceNotice:
    rows = AdvanceNotice.objects.select_for_update(of=("self",)).filter(entered_in_error_at__isnull=True)
    held = rows.filter(pk=notice_id).first()
    if held is None:
        raise NoticeIsWrong(_("That notice is not known to this office, or was taken out."))
    if held.version != version:
        raise StaleForm(_("Somebody else has changed this notice meanwhile. Look at it again."))
    return held


def _open(notice_id: UUID, version: int) -> AdvanceNotice:
    held = _held(notice_id, version)
    if held.signed_on is not None:
        raise NoticeIsSigned(_("This notice is signed and stays as it is. Write another in its place."))
    return held


def _save(by: Actor, held: AdvanceNotice) -> None:
    held.version += 1
    held.save()
    announce(by.practice_id, "coverage", str(held.patient_id))


def _stands(patient_id: UUID, replaces_id: UUID) -> None:
    """Hold the notice that is replaced, so that two windows do not both take its place."""
    old = AdvanceNotice.objects.select_for_update(of=("self",)).filter(pk=replaces_id).first()
    if old is None or old.patient_id != patient_id or old.entered_in_error_at is not None:
        raise NoticeIsWrong(_("The notice that this one replaces is not known, or was taken out."))
    if AdvanceNotice.objects.filter(replaces_id=replaces_id).exists():
        raise NoticeIsWrong(_("Another notice has taken its place already. Look at that one."))


def _judged(patient_id: UUID, facts: NoticeFacts, today: date) -> tuple[UUID, dict[str, Any]]:
    """Return the coverage of original Medicare and what was typed, tidied up; raise what cannot be."""
    if facts.service_on < today:
        raise NoticeIsWrong(
            _("A notice is given and signed before the service. That day has gone by."),
            service_on=_("From today on."),
        )
    coverage = notices.original_medicare(patient_id, facts.service_on)
    if coverage is None:
        raise NoticeIsWrong(_(ONLY_ORIGINAL), service_on=_("No original Medicare on this day."))
    tidy = {
        "service": facts.service.strip(),
        "reason": facts.reason.strip(),
        "code": facts.code.strip().upper(),
        "why": facts.why,
        "cost": facts.cost,
        "service_on": facts.service_on,
        "expires_on": year_after(facts.service_on),
    }
    for name, words in (
        ("service", _("Say what is meant, in plain words.")),
        ("reason", _("Say why, in plain words.")),
    ):
        if not tidy[name]:
            raise NoticeIsWrong(
                _("The patient must be able to read what, why, and what it may cost."), **{name: words}
            )
    if facts.why not in AdvanceNotice.Why.values:
        raise NoticeIsWrong(_("Say which kind of notice it is."), why=_("Choose one of the two."))
    if not 0 <= facts.cost <= MOST_COST:
        raise NoticeIsWrong(_("The estimate is between $0.00 and $99,999.99."), cost=_("Check the amount."))
    return coverage.pk, tidy
