"""The billing desk on screen: claims and their filters, one claim with its way, its messages and its acts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.charges.models import Charge
from daysheet.claims import commands, pages, queries
from daysheet.claims.forms import ClaimFilter, CorrectForm, HandForm, MatchForm, ReasonForm, SendForm
from daysheet.claims.models import Claim, RemittedClaim
from daysheet.claims.rules import LineChange
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE = 50
CLAIM, CLAIMS, REMITTANCE = "claims/claim.html", "claims/claims.html", "claims/remittance.html"
BY_HAND, TAKE_BACK = "claims/by_hand.html", "claims/take_back.html"


@screen(needs=Can.SEE_CLAIMS)
def claims(request: Request) -> HttpResponse:
    """Show the claims of a group, of a payer, of an age, and what is still to be billed."""
    return page(request, CLAIMS, _list_facts(request))


@screen(needs=Can.SEND_CLAIMS, methods=("POST",))
def claims_make(request: Request) -> HttpResponse:
    """Make the claims of all visits that are on none."""
    made = commands.make_due_claims(request.actor)
    said = ngettext("%(n)s claim made.", "%(n)s claims made.", len(made)) % {"n": len(made)}
    return done(request, f"{reverse('claims:claims')}?group=to-send", toast=said)


@screen(needs=Can.SEND_CLAIMS, methods=("POST",))
def claim_send(request: Request) -> HttpResponse:
    """Send the chosen claims, or all that wait: as many as the button said; over one page of them after a second step."""
    ticked, form = request.POST.getlist("claim"), SendForm(request.POST)
    told = form.cleaned_data["told"] if form.is_valid() else 0
    if not ticked and told > PAGE and not form.cleaned_data["is_sure"]:
        return done(request, reverse("claims:claims-sending"))
    try:
        if ticked:
            chosen = [found for one in ticked if (found := read_id(one))]
            commands.send_claims(request.actor, claim_ids=chosen)
        else:
            commands.send_due_claims(request.actor, told=told)
    except Refusal as no:
        return refused(request, CLAIMS, "_claim_list.html", None, no, _list_facts(request))
    return done(
        request, reverse("claims:claims"), toast=_("On their way. What a rule stopped is on your list.")
    )


@screen(needs=Can.SEND_CLAIMS)
def claims_sending(request: Request) -> HttpResponse:
    """Ask once more before more than a page of claims leaves: how many, to whom, and what follows."""
    waiting = queries.waiting()
    record(request.actor, "claims.waiting.viewed", None, claims=sum(one.claims for one in waiting))
    return page(request, "claims/sending.html", pages.sending(waiting))


@screen(needs=Can.SEE_CLAIMS)
def claim(request: Request, claim_id: UUID) -> HttpResponse:
    """Show a claim: how far it came, its lines, what stops it, what was said of it, and what can be done."""
    return page(request, CLAIM, _claim_facts(request, queries.claim(claim_id)))


@screen(needs=Can.SEND_CLAIMS, methods=("POST",))
def claim_correct(request: Request, claim_id: UUID) -> HttpResponse:
    """Send a mended claim again, as new or as a replacement."""
    found = queries.claim(claim_id)
    form = CorrectForm(request.POST, **_correct_facts(request, found))
    if not form.is_valid():
        return invalid(request, CLAIM, "_claim.html", form, _claim_facts(request, found))
    try:
        sent = commands.correct_and_resend(
            request.actor, claim_id=claim_id, version=_version(request), **form.facts()
        )
    except Refusal as no:
        return refused(request, CLAIM, "_claim.html", form, no, _claim_facts(request, found))
    stopped = sent.state == "held"
    said = (
        _("It cannot leave yet: see what stops it.")
        if stopped
        else _("Claim %(n)s is on its way.") % {"n": sent.number}
    )
    return done(request, reverse("claims:claim", args=[sent.pk]), toast=said)


@screen(needs=Can.SEND_CLAIMS, methods=("POST",))
def claim_void(request: Request, claim_id: UUID) -> HttpResponse:
    """Take a claim back."""
    return _with_reason(request, claim_id, commands.void_claim, _("The claim is taken back."))


@screen(needs=Can.SEND_CLAIMS, methods=("POST",))
def claim_close(request: Request, claim_id: UUID) -> HttpResponse:
    """End the work on a claim."""
    return _with_reason(request, claim_id, commands.close_claim, _("The claim is closed."))


@screen(needs=Can.SEND_CLAIMS, methods=("POST",))
def claim_appeal(request: Request, claim_id: UUID) -> HttpResponse:
    """Write down that a decision was appealed."""

    def appeal(by: Any, /, *, claim_id: UUID, version: int, reason: str) -> Claim:
        return commands.note_appeal(by, claim_id=claim_id, version=version, how=reason)

    return _with_reason(request, claim_id, appeal, _("The appeal is noted."))


@screen(needs=Can.SEE_CLAIMS)
def denials(request: Request) -> HttpResponse:
    """Show the open denials, the one whose clock ends first on top."""
    listed = Paginator(queries.denials(), PAGE).get_page(request.GET.get("page"))
    shown = pages.denial_rows(listed, request.actor.now, request.office.zone)
    record(
        request.actor,
        "claims.denials.viewed",
        patients=[row.item.patient_id for row in shown if row.item.patient_id],
    )
    return page(request, "claims/denials.html", {"rows": shown, "listed": listed})


@screen(needs=Can.SEE_CLAIMS)
def remittances(request: Request) -> HttpResponse:
    """Show what the plans paid, the newest first."""
    state = request.GET.get("state", "")
    shown = Paginator(queries.remittances(state=state), PAGE).get_page(request.GET.get("page"))
    record(request.actor, "claims.remittances.viewed", numbers=[row.number for row in shown])
    return page(
        request,
        "claims/remittances.html",
        {"shown": shown, "state": state, "remittance_tabs": pages.remittance_tabs(state)},
    )


@screen(needs=Can.SEE_CLAIMS)
def remittance(request: Request, remittance_id: UUID) -> HttpResponse:
    """Show a remittance: its sums, what needs a person, what was posted."""
    return page(request, REMITTANCE, _remittance_facts(request, remittance_id))


@screen(needs=Can.POST_REMITTANCES, methods=("POST",))
def remitted_match(request: Request, remitted_claim_id: UUID) -> HttpResponse:
    """Say to which of our claims a remitted one belongs, and post it."""
    row = RemittedClaim.objects.select_related("remittance").get(pk=remitted_claim_id)
    chosen = request.POST.get("claim", "")
    form = MatchForm(request.POST)
    form.fields["claim"].choices = [(str(one.pk), str(one)) for one in queries.candidates(row)]  # type: ignore[attr-defined]
    if not form.is_valid():
        return invalid(
            request, REMITTANCE, "_remittance.html", form, _remittance_facts(request, row.remittance_id)
        )
    try:
        commands.match_remitted(request.actor, remitted_id=remitted_claim_id, claim_id=UUID(chosen))
    except Refusal as no:
        return refused(
            request, REMITTANCE, "_remittance.html", form, no, _remittance_facts(request, row.remittance_id)
        )
    waits = queries.remitted_claim(remitted_claim_id).state == RemittedClaim.State.PARKED
    said = _("Matched. It does not add up: post it by hand.") if waits else _("Matched and posted.")
    return done(request, reverse("claims:remittance", args=[row.remittance_id]), toast=said)


@screen(needs=Can.POST_REMITTANCES, methods=("GET", "HEAD", "POST"))
def remitted_post(request: Request, remitted_claim_id: UUID) -> HttpResponse:
    """Post a remitted claim that does not add up by hand: what the payer said above, what is posted below."""
    row = queries.remitted_claim(remitted_claim_id)
    lines = queries.lines_of(row.claim_id)
    if request.method != "POST":
        form = HandForm(lines=lines, initial=pages.hand_figures(row, lines))
        return page(request, BY_HAND, _hand_facts(request, row) | {"form": form})
    form = HandForm(request.POST, lines=lines)
    if not form.is_valid():
        return invalid(request, BY_HAND, "_by_hand.html", form, _hand_facts(request, row))
    try:
        commands.post_by_hand(
            request.actor,
            remitted_id=row.pk,
            lines=form.hand_lines(),
            reasons=form.reasons(),
            reason=form.cleaned_data["reason"],
        )
    except Refusal as no:
        return refused(request, BY_HAND, "_by_hand.html", form, no, _hand_facts(request, row))
    return done(request, reverse("claims:remittance", args=[row.remittance_id]), toast=_("Posted by hand."))


@screen(needs=Can.POST_REMITTANCES, methods=("GET", "HEAD", "POST"))
def remitted_take_back(request: Request, remitted_claim_id: UUID) -> HttpResponse:
    """Take back what was posted wrongly of a remittance: the whole claim, with a reason."""
    row = queries.remitted_claim(remitted_claim_id)
    form = ReasonForm(request.POST or None)
    if request.method != "POST":
        return page(request, TAKE_BACK, _hand_facts(request, row) | {"form": form})
    if not form.is_valid():
        return invalid(request, TAKE_BACK, "_take_back.html", form, _hand_facts(request, row))
    try:
        commands.take_back_remitted(request.actor, remitted_id=row.pk, reason=form.cleaned_data["reason"])
    except Refusal as no:
        return refused(request, TAKE_BACK, "_take_back.html", form, no, _hand_facts(request, row))
    said = _("Taken back. It waits here for what is right.")
    return done(request, reverse("claims:remittance", args=[row.remittance_id]), toast=said)


@screen(needs=Can.SEE_CLAIMS)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's claims, as a piece of the patient page or as a page of its own."""
    patient = Patient.objects.get(pk=patient_id)
    shown = list(queries.claims(patient_id=patient_id)[:20])
    record(request.actor, "claims.claims.viewed", patient, claims=[row.number for row in shown])
    name = "claims/_patient_panel.html" if request.headers.get("HX-Request") else "claims/patient_claims.html"
    return page(request, name, {"patient": patient, "shown": shown})


def _list_facts(request: Request) -> dict[str, Any]:
    """Return what the list of claims shows; reading it is written down."""
    group = request.GET.get("group", "")
    form = ClaimFilter(request.GET)
    days = form.days()
    older_than = request.office.today - timedelta(days=days) if days else None
    found = queries.claims(group=group, payer_id=form.payer_id(), older_than=older_than)
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    record(request.actor, "claims.claims.viewed", patients=[row.patient_id for row in shown])
    counts = queries.group_counts()
    return {
        "shown": shown,
        "group": group if group in queries.GROUPS else "",
        "tabs": pages.tabs(group, counts),
        "to_send": counts["to-send"],
        "send_words": pages.send_words(counts["to-send"]),
        "asks_first": counts["to-send"] > PAGE,
        "filters": form,
        "is_filtered": bool(form.payer_id() or days),
        "to_make": queries.count_to_bill(),
        "may_send": request.actor.can(Can.SEND_CLAIMS),
    }


def _claim_facts(request: Request, found: Claim) -> dict[str, Any]:
    """Return what the page of a claim shows; reading it is written down."""
    record(request.actor, "claims.claim.viewed", found)
    return {
        **pages.claim_page(found, today=request.office.today),
        **patients.around(request.actor, found.patient, today=request.office.today),
        "may_send": request.actor.can(Can.SEND_CLAIMS),
        "form": CorrectForm(
            initial={
                "place_of_service": found.place_of_service,
                "prior_authorization": found.prior_authorization,
                "referral": found.referral,
                "bill_type": found.bill_type,
                "admission_type": found.admission_type,
                "admission_source": found.admission_source,
                "patient_status": found.patient_status,
            },
            **_correct_facts(request, found),
        ),
        "reason_form": ReasonForm(),
    }


def _correct_facts(request: Request, found: Claim) -> dict[str, Any]:
    return {
        "lines": _lines_to_correct(request, found),
        "kind": found.kind,
        "today": request.office.today,
    }


def _lines_to_correct(request: Request, found: Claim) -> list[LineChange]:
    """Return the lines that this person may correct on a claim: what is charged is for who may enter charges."""
    if found.frequency == "8" or not request.actor.can(Can.ENTER_CHARGES):
        return []
    lines = [line for line in queries.lines_of(found.pk) if line.charge.state != Charge.State.VOIDED]
    return [queries.as_it_stands(line) for line in lines]


def _remittance_facts(request: Request, remittance_id: UUID) -> dict[str, Any]:
    """Return what the page of a remittance shows; reading it is written down."""
    found = queries.remittance(remittance_id)
    shown = [row.patient_id for row in found.claims if row.patient_id]
    record(request.actor, "claims.remittance.viewed", found.remittance, patients=shown)
    may_post = request.actor.can(Can.POST_REMITTANCES)
    open_rows = [row for row in found.needs_person if row.state == RemittedClaim.State.UNMATCHED]
    matches = {row.pk: queries.candidates(row) for row in open_rows} if may_post else {}
    return {
        "found": found,
        "may_post": may_post,
        "matches": matches,
        "by_hand": {row.pk for row in found.needs_person if queries.may_be_posted_by_hand(row)},
        "undone": queries.undone(found.posted),
        "beside": pages.beside(found.remittance),
    }


def _hand_facts(request: Request, row: RemittedClaim) -> dict[str, Any]:
    """Return what the pages of one remitted claim show; reading it is written down."""
    shown = [row.patient_id] if row.patient_id else []
    record(request.actor, "claims.remitted-claim.viewed", row, patients=shown)
    return {
        "row": row,
        "sums": pages.hand_sums(row),
        "parts": pages.parts_in_words(row.adjustments),
        "may_be_posted": queries.may_be_posted_by_hand(row),
        "may_be_taken_back": row.state == RemittedClaim.State.POSTED,
    }


def _with_reason(request: Request, claim_id: UUID, act: Any, said: str) -> HttpResponse:
    found, form = queries.claim(claim_id), ReasonForm(request.POST)
    if not form.is_valid():
        return invalid(request, CLAIM, "_claim.html", form, _claim_facts(request, found))
    try:
        act(request.actor, claim_id=claim_id, version=_version(request), reason=form.cleaned_data["reason"])
    except Refusal as no:
        return refused(request, CLAIM, "_claim.html", form, no, _claim_facts(request, found))
    return done(request, reverse("claims:claim", args=[claim_id]), toast=said)


def _version(request: Request) -> int:
    """Return the version of the claim that the form was opened on; no token, no act."""
    version = form_version(request)
    return -1 if version is None else version
