"""What a plan said: the answer in words, the grid, every line, the raw file."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from daysheet.coverage import queries
from daysheet.coverage.models import EligibilityInquiry
from daysheet.coverage.rules import medicare
from daysheet.coverage.showing import grid_of, named_in
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.patients import queries as patients
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen

_UNSAID = {"is_manager": False, "member_id": "", "phone": "", "is_after": False}
"""What an answer read by an earlier version has not kept of another payer."""


@screen(needs=Can.SEE_COVERAGE)
def eligibility_answer(request: Request, inquiry_id: UUID) -> HttpResponse:
    """Show what a plan said of a patient for a day, or that it has not said anything yet."""
    asked = _asked(inquiry_id)
    answer = getattr(asked, "response", None)
    lines = list(queries.benefit_lines(answer.pk)) if answer else []
    record(request.actor, "coverage.answer.viewed", asked)
    context = {
        "asked": asked,
        "held": asked.coverage,
        "answer": answer,
        "lines": lines,
        "grid": grid_of(lines),
        "others": [_UNSAID | one for one in answer.other_payers] if answer else [],
        "named": named_in(lines),
        "by_line": {line.line: line for line in lines},
        "figures": _figures(answer) if answer else [],
        "qmb": medicare.QMB_SENTENCE if answer and answer.qmb_line is not None else "",
        "is_held_still": asked.coverage.entered_in_error_at is None and asked.is_of_this_card,
        **patients.around(request.actor, asked.patient, today=request.office.today),
        "may_ask": request.actor.can(Can.ASK_ELIGIBILITY),
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
    }
    return page(request, "coverage/answer.html", context)


@screen(needs=Can.SEE_COVERAGE)
def eligibility_raw(request: Request, inquiry_id: UUID) -> HttpResponse:
    """Hand out the answer's file as it came."""
    asked = _asked(inquiry_id)
    answer = getattr(asked, "response", None)
    if answer is None or answer.envelope is None:
        raise Http404
    everybody = [UUID(one) for one in answer.envelope.patient_ids]
    record(request.actor, "coverage.answer.downloaded", asked, patients=everybody)
    response = HttpResponse(bytes(answer.envelope.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="answer-{asked.trace}.271"'
    return response


def _asked(inquiry_id: UUID) -> EligibilityInquiry:
    asked = queries.inquiry(inquiry_id)
    if asked is None:
        raise Http404
    return asked


def _figures(answer: object) -> list[dict[str, object]]:
    """Return the figures that the desk needs: name, value, where it stands, what speaks against it."""
    sources = getattr(answer, "sources", {})
    names = [
        ("copay", _("Copay, office visit")),
        ("deductible_left", _("Deductible left")),
        ("deductible", _("Deductible")),
        ("out_of_pocket_left", _("Out-of-pocket left")),
        ("out_of_pocket", _("Out-of-pocket maximum")),
        ("coinsurance", _("Patient's share")),
    ]
    found: list[dict[str, object]] = []
    for key, title in names:
        value = getattr(answer, "coinsurance_percent" if key == "coinsurance" else key)
        if value is not None:
            source = sources.get(key, {})
            found.append(
                {
                    "title": title,
                    "value": value,
                    "how": source.get("how", ""),
                    "line": source.get("line"),
                    "rivals": source.get("rivals", []),
                    "key": key,
                }
            )
    return found
