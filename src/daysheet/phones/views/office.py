"""What the office decides about its telephone: reasons, red flags, numbers that bother, the keys of the system."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.phones import commands, queries, showing
from daysheet.phones.forms import NumberForm, ReasonForm, RedFlagForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
POST = ("POST",)
REASON, REASON_FORM = "phones/reason.html", "_reason_form.html"
RED_FLAG, RED_FLAG_FORM = "phones/red-flag.html", "_red_flag_form.html"
NUMBERS, NUMBER_FORM = "phones/numbers.html", "_number_form.html"
SYSTEM = "phones/system.html"


@screen(needs=Can.MANAGE_OFFICE)
def reasons(request: Request) -> HttpResponse:
    """Show why people call, what is asked then, and whose calls those are."""
    record(request.actor, "phones.reasons.viewed")
    return page(request, "phones/reasons.html", _reasons())


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def reasons_usual(request: Request) -> HttpResponse:
    """Begin with the usual reasons and red flags."""
    try:
        commands.take_usual_reasons(request.actor)
    except Refusal as no:
        return refused(request, "phones/reasons.html", "phones/reasons.html", None, no, _reasons())
    toast = _("The usual reasons and red flags are there. Read them, and change what is not so here.")
    return done(request, reverse("phones:reasons"), toast=toast)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def reason_add(request: Request) -> HttpResponse:
    """Add a reason."""
    return _reason(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def reason_change(request: Request, reason_id: UUID) -> HttpResponse:
    """Change a reason."""
    return _reason(request, reason_id)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def reason_retire(request: Request, reason_id: UUID) -> HttpResponse:
    """Take a reason off the list."""
    commands.retire_reason(request.actor, reason_id=reason_id)
    return done(request, reverse("phones:reasons"), toast=_("It is off the list; its calls keep it."))


@screen(needs=Can.MANAGE_OFFICE)
def red_flags(request: Request) -> HttpResponse:
    """Show what comes before all else."""
    record(request.actor, "phones.red-flags.viewed")
    return page(request, "phones/red-flags.html", {"flags": list(queries.red_flags())})


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def red_flag_add(request: Request) -> HttpResponse:
    """Add what comes before all else."""
    return _red_flag(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def red_flag_change(request: Request, red_flag_id: UUID) -> HttpResponse:
    """Change a red flag: what the caller says, the words to say first."""
    return _red_flag(request, red_flag_id)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def red_flag_retire(request: Request, red_flag_id: UUID) -> HttpResponse:
    """Take a red flag off the list."""
    commands.retire_red_flag(request.actor, flag_id=red_flag_id)
    return done(request, reverse("phones:red-flags"), toast=_("It is off the list; its calls keep it."))


@screen(needs=Can.ANSWER_PHONES, methods=GET_AND_POST)
def numbers(request: Request) -> HttpResponse:
    """Show the numbers that bother the office; mark another one."""
    form = NumberForm(request.POST if request.method == "POST" else None)
    told = {"flags": list(queries.flags()), "form": form}
    record(request.actor, "phones.numbers.viewed")
    if request.method != "POST":
        return page(request, NUMBERS, told)
    if not form.is_valid():
        return invalid(request, NUMBERS, NUMBER_FORM, form, told)
    try:
        marked = commands.flag_number(request.actor, **form.cleaned_data)
    except Refusal as no:
        return refused(request, NUMBERS, NUMBER_FORM, form, no, told)
    undo = (reverse("phones:number-unflag", args=[marked.pk]), _("Unmark"))
    return done(request, reverse("phones:numbers"), toast=_("The number is marked."), undo=undo)


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def number_unflag(request: Request, phone_flag_id: UUID) -> HttpResponse:
    """Let a number ring again like any other."""
    commands.unflag_number(request.actor, flag_id=phone_flag_id)
    undo = (reverse("phones:number-mark-again", args=[phone_flag_id]), _("Mark it again"))
    return done(request, reverse("phones:numbers"), toast=_("It rings again like any other."), undo=undo)


@screen(needs=Can.ANSWER_PHONES, methods=POST)
def number_mark_again(request: Request, phone_flag_id: UUID) -> HttpResponse:
    """Let the mark of a number count again as it was."""
    commands.flag_again(request.actor, flag_id=phone_flag_id)
    return done(request, reverse("phones:numbers"), toast=_("The number is marked."))


@screen(needs=Can.MANAGE_OFFICE)
def system(request: Request) -> HttpResponse:
    """Show whether a telephone system reports here, and how one is told to."""
    record(request.actor, "phones.system.viewed")
    return page(request, SYSTEM, showing.system(request))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def system_keys(request: Request) -> HttpResponse:
    """Make keys for the telephone system; they are shown in this answer and never again."""
    told = {"door": queries.hook(), "keys": None, "address": ""}
    record(request.actor, "phones.system.viewed")
    if request.method != "POST":
        return page(request, "phones/system-keys.html", told)
    try:
        made = commands.open_hook(request.actor)
    except Refusal as no:
        return refused(request, "phones/system-keys.html", "phones/system-keys.html", None, no, told)
    address = request.build_absolute_uri(reverse("phones:hook", args=[made.token]))
    return page(request, "phones/system-keys.html", told | {"keys": made, "address": address})


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def system_close(request: Request) -> HttpResponse:
    """Hear nothing of the telephone system any more."""
    if request.method != "POST":
        record(request.actor, "phones.system.viewed")
        return page(request, "phones/system-close.html", {"door": queries.hook()})
    commands.close_hook(request.actor)
    return done(request, reverse("phones:system"), toast=_("The keys open nothing any more."))


def _reasons() -> dict[str, Any]:
    return {"reasons": [(one, showing.hours_of(one)) for one in queries.reasons()]}


def _reason(request: Request, reason_id: UUID | None) -> HttpResponse:
    found = queries.reason(reason_id) if reason_id else None
    if reason_id and found is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None, reason=found)

    def keep(version: int) -> None:
        commands.keep_reason(request.actor, reason_id=reason_id, version=version, **form.cleaned_data)

    return _kept(request, (REASON, REASON_FORM), {"reason": found, "form": form}, keep, of="reasons")


def _red_flag(request: Request, flag_id: UUID | None) -> HttpResponse:
    found = queries.red_flag(flag_id) if flag_id else None
    if flag_id and found is None:
        raise Http404
    form = RedFlagForm(request.POST if request.method == "POST" else None, flag=found)

    def keep(version: int) -> None:
        commands.keep_red_flag(request.actor, flag_id=flag_id, version=version, **form.cleaned_data)

    return _kept(request, (RED_FLAG, RED_FLAG_FORM), {"flag": found, "form": form}, keep, of="red-flags")


def _kept(
    request: Request,
    template: tuple[str, str],
    told: dict[str, Any],
    keep: Callable[[int], None],
    *,
    of: str,
) -> HttpResponse:
    """Show the form of a list that the office keeps, or keep what it says and go back to the list."""
    if request.method != "POST":
        record(request.actor, f"phones.{of}.viewed")
        return page(request, template[0], told)
    if not told["form"].is_valid():
        return invalid(request, *template, told["form"], told)
    try:
        keep(form_version(request) or 0)
    except Refusal as no:
        return refused(request, *template, told["form"], no, told)
    return done(request, reverse(f"phones:{of}"), toast=_("Saved."))
