"""The mailroom on screen: the list, one envelope, what comes in by hand, the partners."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.mailroom import commands, queries, reading
from daysheet.mailroom.forms import (
    FilterForm,
    LookForm,
    PartnerChangeForm,
    PartnerForm,
    ReplyForm,
    UploadForm,
)
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.mailroom.showing import Shown, shown
from daysheet.practice import queries as practice
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE = 50
ENVELOPE = "mailroom/envelope.html"


@screen(needs=Can.SEE_MAIL)
def envelopes(request: Request) -> HttpResponse:
    """Show what left and came, newest first, narrowed by number, kind, partner and state."""
    form = FilterForm(request.GET)
    shown = Paginator(queries.envelopes(form.wanted()), PAGE).get_page(request.GET.get("page"))
    record(request.actor, "mailroom.envelopes.viewed", numbers=[one.number for one in shown])
    narrowed = any(request.GET.get(name) for name in form.fields)
    return page(request, "mailroom/envelopes.html", {"filters": form, "shown": shown, "narrowed": narrowed})


@screen(needs=Can.SEE_MAIL)
def envelope(request: Request, envelope_id: UUID) -> HttpResponse:
    """Show one envelope: what became of it, what answered it, and its content in words."""
    found = _found(envelope_id)
    record(request.actor, "mailroom.envelope.viewed", found, patients=reading.patients_of(found))
    return page(request, ENVELOPE, _facts(request, found))


@screen(needs=Can.SEE_MAIL)
def envelope_raw(request: Request, envelope_id: UUID) -> HttpResponse:
    """Hand out the bytes as they left or came."""
    found = _found(envelope_id)
    record(request.actor, "mailroom.envelope.downloaded", found, patients=reading.patients_of(found))
    ending, media = (
        ("eml", "message/rfc822") if found.kind == "email" else ("edi", "application/octet-stream")
    )
    response = HttpResponse(bytes(found.content), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="envelope-{found.number}.{ending}"'
    return response


@screen(needs=Can.SEND_MAIL, methods=("POST",))
def envelope_resend(request: Request, envelope_id: UUID) -> HttpResponse:
    """Send the kept bytes once more."""
    return _act(request, envelope_id, commands.resend_envelope, _("On its way again: the same bytes."))


@screen(needs=Can.SEND_MAIL, methods=("POST",))
def envelope_read_again(request: Request, envelope_id: UUID) -> HttpResponse:
    """Have a parked envelope read once more."""
    return _act(request, envelope_id, commands.read_again, _("It will be read again in a moment."))


@screen(needs=Can.SEND_MAIL, methods=("GET", "HEAD", "POST"))
def envelope_upload(request: Request) -> HttpResponse:
    """Take in a file that came by another way."""
    if request.method != "POST":
        return page(request, "mailroom/upload.html", {"form": UploadForm()})
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid(request, "mailroom/upload.html", "_upload_form.html", form)
    data = form.cleaned_data
    try:
        came = commands.receive(request.actor, partner_id=UUID(data["partner"]), content=data["file"].read())
    except Refusal as no:
        return refused(request, "mailroom/upload.html", "_upload_form.html", form, no)
    known = [one for one in came if one.created_at != request.actor.now]
    toast = (
        _("That file was here already; nothing new.") if known else _("Kept. It will be read in a moment.")
    )
    return done(request, reverse("mailroom:envelope", args=[came[0].pk]), toast=toast)


@screen(needs=Can.SEE_MAIL, methods=("GET", "HEAD", "POST"))
def file_look(request: Request) -> HttpResponse:
    """Show what a file says and what is wrong with it, and keep nothing of it."""
    form = LookForm(request.POST or None, request.FILES or None)
    told: dict[str, Any] = {"form": form, "shown": None}
    if request.method != "POST":
        return page(request, "mailroom/look.html", told)
    if not form.is_valid():
        return invalid(request, "mailroom/look.html", "_look_form.html", form, told)
    record(request.actor, "mailroom.file.looked-at", None, size=form.cleaned_data["file"].size)
    return page(request, "mailroom/look.html", told | {"shown": shown(form.cleaned_data["file"].read())})


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def partners(request: Request) -> HttpResponse:
    """Show whom the office exchanges envelopes with, and enter another."""
    context = _partners()
    if request.method != "POST":
        return page(
            request,
            "mailroom/partners.html",
            {"form": PartnerForm(), "next_step": practice.next_step(), **context},
        )
    form = PartnerForm(request.POST)
    if not form.is_valid():
        return invalid(request, "mailroom/partners.html", "_partner_form.html", form, context)
    try:
        added = commands.add_partner(request.actor, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "mailroom/partners.html", "_partner_form.html", form, no, context)
    return done(request, reverse("mailroom:partners"), toast=_("%(name)s added.") % {"name": added.name})


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def partner(request: Request, partner_id: UUID) -> HttpResponse:
    """Show a partner, and correct one that a person entered."""
    found = queries.partner(partner_id)
    if found is None:
        raise Http404
    names = ("mailroom/partner.html", "_partner_change_form.html")
    if request.method != "POST" and found.transport not in commands.BY_HAND:
        return page(request, names[0], {"partner": found})
    form = PartnerChangeForm(
        request.POST or None, initial={name: getattr(found, name) for name in commands.CORRECTED}
    )
    if request.method != "POST":
        return page(request, names[0], {"form": form, "partner": found})
    if not form.is_valid():
        return invalid(request, *names, form, {"partner": found})
    try:
        changed = commands.change_partner(
            request.actor, partner_id=partner_id, version=form_version(request) or 0, facts=form.cleaned_data
        )
    except Refusal as no:
        return refused(request, *names, form, no, {"partner": found})
    return done(
        request, reverse("mailroom:partners"), toast=_("%(name)s corrected.") % {"name": changed.name}
    )


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def partner_use(request: Request, partner_id: UUID) -> HttpResponse:
    """Take a partner out of use, or into use again."""
    if queries.partner(partner_id) is None:
        raise Http404
    is_active = request.POST.get("use") == "again"
    try:
        changed = commands.change_partner(
            request.actor, partner_id=partner_id, version=form_version(request) or 0, is_active=is_active
        )
    except Refusal as no:
        return refused(request, "mailroom/partners.html", "_partners.html", None, no, _partners())
    said = _("%(name)s is in use again.") if is_active else _("%(name)s is no longer used.")
    return done(request, reverse("mailroom:partners"), toast=said % {"name": changed.name})


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def telephone(request: Request) -> HttpResponse:
    """Show what lies in the test telephone of an office that plays, and answer as its patients would."""
    if not (request.office.is_training or request.office.is_demo):
        raise Http404
    names = ("mailroom/telephone.html", "_telephone_form.html")
    told = {"lines": reading.telephone_lines(queries.in_the_telephone())}
    numbers = list(dict.fromkeys(f"{one.channel}:{one.to}" for one in told["lines"]))
    record(request.actor, "mailroom.telephone.viewed", numbers=len(numbers))
    if request.method != "POST":
        return page(request, names[0], told | {"form": ReplyForm(numbers=numbers)})
    form = ReplyForm(request.POST, numbers=numbers)
    if not form.is_valid():
        return invalid(request, *names, form, told)
    outside = Actor.system(
        practice_id=request.actor.practice_id, now=request.actor.now, name="Test telephone"
    )
    try:
        commands.receive_text(outside, text=form.cleaned_data["text"], **form.sender())
    except Refusal as no:
        return refused(request, *names, form, no, told)
    return done(request, reverse("mailroom:telephone"), toast=_("Answered. It is read in a moment."))


def _partners() -> dict[str, Any]:
    return {
        "partners": queries.partners(),
        "retired": queries.retired_partners(),
        "by_hand": commands.BY_HAND,
        "kept": TradingPartner.Transport.SMTP,
    }


def _found(envelope_id: UUID) -> Envelope:
    found = queries.envelope(envelope_id)
    if found is None:
        raise Http404
    return found


def _facts(request: Request, found: Envelope) -> dict[str, Any]:
    letter = reading.letter_of(found)
    return {
        "envelope": found,
        "steps": queries.events(found.pk),
        "replies": queries.replies(found.pk),
        "may_send": request.actor.can(Can.SEND_MAIL),
        "letter": letter,
        "shown": _shown(request, found) if letter is None else None,
    }


def _shown(request: Request, found: Envelope) -> Shown:
    """Return the part of an envelope that was asked for."""
    return shown(bytes(found.content), asked=request.GET.get("q", "")[:80], part=request.GET.get("page", 1))


def _act(request: Request, envelope_id: UUID, command: Any, toast: str) -> HttpResponse:
    found = _found(envelope_id)
    try:
        command(request.actor, envelope_id=envelope_id)
    except Refusal as no:
        record(request.actor, "mailroom.envelope.viewed", found, patients=reading.patients_of(found))
        return refused(request, ENVELOPE, "_envelope.html", None, no, _facts(request, found))
    return done(request, reverse("mailroom:envelope", args=[found.pk]), toast=toast)
