"""The insurance desk on screen: claims received, what was answered, payments sent, members and their faults."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.payer import commands, queries
from daysheet.payer.forms import DeskFilter, FaultForm, MemberForm
from daysheet.payer.models import Member
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAGE = 50
MEMBERS, PAYMENTS = "payer/members.html", "payer/payments.html"
MEMBER, MEMBER_FORM = "payer/member.html", "_member_form.html"


@screen(needs=Can.ANSWER_AS_PAYER)
def desk(request: Request) -> HttpResponse:
    """Show the claims that came in, the newest first, and what was decided of each."""
    filters = DeskFilter(request.GET)
    payer_id, state = filters.chosen("payer"), filters.chosen("state")
    found = queries.desk_claims(payer_id=payer_id, state=state)
    shown = _paged(request, found)
    record(request.actor, "payer.claims.viewed", claims=[row.number for row in shown])
    facts = {"shown": shown, "filters": filters, "is_filtered": bool(payer_id or state), "names": _names()}
    return page(request, "payer/desk.html", facts)


@screen(needs=Can.ANSWER_AS_PAYER)
def claim(request: Request, received_claim_id: UUID) -> HttpResponse:
    """Show a claim as it was received and what was decided, line by line."""
    found = queries.received_claim(received_claim_id)
    record(request.actor, "payer.claim.viewed", found)
    facts = {
        "claim": found,
        "lines": queries.decided_lines(found),
        "decision": queries.decision_of(found),
        "fault": queries.fault_words(found.decision.get("fault", "")),
        "names": _names(),
    }
    return page(request, "payer/claim.html", facts)


@screen(needs=Can.ANSWER_AS_PAYER)
def payments(request: Request) -> HttpResponse:
    """Show the payments made, the newest first."""
    return page(request, PAYMENTS, _payments(request))


@screen(needs=Can.ANSWER_AS_PAYER, methods=("POST",))
def payments_make(request: Request) -> HttpResponse:
    """Pay what is due today."""
    sent = commands.pay_due(request.actor, day=request.office.today)
    said = ngettext("%(n)s payment sent.", "%(n)s payments sent.", len(sent)) % {"n": len(sent)}
    return done(request, reverse("payer:payments"), toast=said)


@screen(needs=Can.ANSWER_AS_PAYER)
def questions(request: Request) -> HttpResponse:
    """Show the questions about members and what was answered."""
    filters = DeskFilter(request.GET)
    shown = _paged(request, queries.desk_inquiries(payer_id=filters.chosen("payer")))
    record(request.actor, "payer.questions.viewed", questions=len(shown))
    return page(request, "payer/questions.html", {"shown": shown, "names": _names()})


@screen(needs=Can.ANSWER_AS_PAYER)
def members(request: Request) -> HttpResponse:
    """Show the members, and what is to go wrong with whom."""
    facts = _members(request)
    record(request.actor, "payer.members.viewed", members=[row.member_id for row in facts["shown"]])
    return page(request, MEMBERS, facts)


@screen(needs=Can.ANSWER_AS_PAYER, methods=("GET", "HEAD", "POST"))
def member_add(request: Request) -> HttpResponse:
    """Enter a member."""
    form = MemberForm(request.POST or None, today=request.office.today)
    if request.method != "POST":
        return page(request, MEMBER, {"form": form})
    if not form.is_valid():
        return invalid(request, MEMBER, MEMBER_FORM, form)
    try:
        entered = commands.enter_member(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, MEMBER, MEMBER_FORM, form, no)
    toast = _("%(name)s is a member now.") % {"name": f"{entered.given} {entered.family}"}
    return done(request, reverse("payer:members"), toast=toast)


@screen(needs=Can.ANSWER_AS_PAYER, methods=("POST",))
def member_fault(request: Request, member_id: UUID) -> HttpResponse:
    """Name what is to go wrong with a member."""
    member = Member.objects.get(pk=member_id)
    form = FaultForm(request.POST)
    if not form.is_valid():
        return invalid(request, MEMBERS, "_members.html", form, _members(request))
    try:
        commands.set_fault(
            request.actor,
            payer_id=member.payer_id,
            member_id=member.member_id,
            fault=form.cleaned_data["fault"],
        )
    except Refusal as no:
        return refused(request, MEMBERS, "_members.html", form, no, _members(request))
    kept = {name: value for name in ("q", "page") if (value := _told(request, name))}
    back = reverse("payer:members") + (f"?{urlencode(kept)}" if kept else "")
    return done(request, back, toast=_("Noted. It shows with the next message."))


def _members(request: Request) -> dict[str, Any]:
    text = _told(request, "q")
    return {
        "q": text,
        "shown": _paged(request, queries.desk_members(text)),
        "faults": FaultForm(),
        "fault_words": queries.fault_words,
        "names": _names(),
    }


def _payments(request: Request) -> dict[str, Any]:
    filters = DeskFilter(request.GET)
    shown = _paged(request, queries.desk_payments(payer_id=filters.chosen("payer")))
    record(request.actor, "payer.payments.viewed", payments=[row.number for row in shown])
    due = queries.claims_due(request.office.today).count()
    return {"shown": shown, "due": due, "names": _names()}


def _paged(request: Request, rows: Any) -> Any:
    return Paginator(rows, PAGE).get_page(_told(request, "page"))


def _told(request: Request, name: str) -> str:
    """Return what the address says, or the form that came from a page of it."""
    return str(request.POST.get(name) or request.GET.get(name, ""))


def _names() -> dict[str, str]:
    return {key: profile.name for key, profile in queries.profiles().items()}
