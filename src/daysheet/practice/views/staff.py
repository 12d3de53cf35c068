"""The people of the office: places, roles, passwords, second factors."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can, roles
from daysheet.kernel.errors import Refusal
from daysheet.practice import commands, queries
from daysheet.practice.forms import MemberForm, PasswordForm, ProviderForm, role_choices
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen


def _member_form(request: Request, *sent: Any) -> MemberForm:
    return MemberForm(*sent, places=queries.locations(), kind=request.office.kind)


def _told(request: Request, form: object = None) -> dict[str, object]:
    people = [
        {"row": one, "role": roles()[one.role].name if one.role in roles() else one.role, "factors": count}
        for one, count in queries.members_with_factors()
    ]
    return {
        "people": people,
        "providers": list(queries.providers()),
        "role_choices": role_choices(request.office.kind),
        "member_form": form if isinstance(form, MemberForm) else _member_form(request),
        "provider_form": form if isinstance(form, ProviderForm) else ProviderForm(places=queries.locations()),
    }


@screen(needs=Can.MANAGE_STAFF)
def staff(request: Request) -> HttpResponse:
    """Show who works here, in which role, with which second factor."""
    return page(request, "practice/staff.html", _told(request) | {"next_step": queries.next_step()})


@screen(needs=Can.MANAGE_STAFF, methods=("POST",))
def member_add(request: Request) -> HttpResponse:
    """Give a person a place and a sign-in."""
    form = _member_form(request, request.POST)
    if not form.is_valid():
        return invalid(
            request, "practice/staff.html", "_member_form.html", form, context=_told(request, form)
        )
    try:
        commands.add_member(request.actor, **form.cleaned_data)
    except Refusal as no:
        return refused(
            request, "practice/staff.html", "_member_form.html", form, no, context=_told(request, form)
        )
    return done(request, reverse("practice:staff"), toast=_("The sign-in is ready."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def provider_add(request: Request) -> HttpResponse:
    """Add a clinician."""
    form = ProviderForm(request.POST, places=queries.locations())
    if not form.is_valid():
        return invalid(
            request, "practice/staff.html", "_provider_form.html", form, context=_told(request, form)
        )
    try:
        commands.add_provider(request.actor, **form.cleaned_data)
    except Refusal as no:
        return refused(
            request, "practice/staff.html", "_provider_form.html", form, no, context=_told(request, form)
        )
    return done(request, reverse("practice:staff"), toast=_("The clinician is on the books."))


@screen(needs=Can.MANAGE_STAFF, methods=("POST",))
def member_role(request: Request, membership_id: UUID) -> HttpResponse:
    """Give a person another role."""
    try:
        commands.change_role(request.actor, membership_id=membership_id, role=request.POST.get("role", ""))
    except Refusal as no:
        return refused(request, "practice/staff.html", "_people.html", None, no, context=_told(request))
    return done(request, reverse("practice:staff"), toast=_("The role holds from the next page on."))


@screen(needs=Can.MANAGE_STAFF, methods=("POST",))
def member_end(request: Request, membership_id: UUID) -> HttpResponse:
    """Close every door to a person who leaves."""
    try:
        commands.end_membership(request.actor, membership_id=membership_id)
    except Refusal as no:
        return refused(request, "practice/staff.html", "_people.html", None, no, context=_told(request))
    return done(request, reverse("practice:staff"), toast=_("Every sign-in of this person has ended."))


@screen(needs=Can.MANAGE_STAFF, methods=("POST",))
def member_factor_reset(request: Request, membership_id: UUID) -> HttpResponse:
    """Take a lost second factor off a person's sign-in."""
    try:
        commands.reset_second_factor(request.actor, membership_id=membership_id)
    except Refusal as no:
        return refused(request, "practice/staff.html", "_people.html", None, no, context=_told(request))
    return done(
        request, reverse("practice:staff"), toast=_("The second factor is off. Ask for a new one today.")
    )


@screen(needs=Can.MANAGE_STAFF, methods=("GET", "HEAD", "POST"), keeps_draft=False)
def member_password(request: Request, membership_id: UUID) -> HttpResponse:
    """Give a person a new password."""
    name, piece, told = (
        "practice/password.html",
        "_password_form.html",
        {"one": queries.member(membership_id)},
    )
    if request.method != "POST":
        return page(request, name, told | {"form": PasswordForm()})
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return invalid(request, name, piece, form, context=told)
    try:
        commands.set_password(request.actor, membership_id=membership_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, name, piece, form, no, context=told)
    return done(
        request, reverse("practice:staff"), toast=_("The new password holds; open sign-ins have ended.")
    )
