"""Care settings: what each would bring to this office, added and taken back."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.practice import commands, queries, showing_settings
from daysheet.practice.care_settings import care_setting
from daysheet.practice.forms import SettingForm
from daysheet.practice.showing_settings import MEDICAL, STATE_WORDS
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, FORM, LIST = "practice/setting.html", "_setting_form.html", "practice/settings.html"


@screen(needs=Can.MANAGE_OFFICE)
def settings(request: Request) -> HttpResponse:
    """Show the settings that can be added, and which the office has."""
    return page(request, LIST, showing_settings.list_of_office(request.office.kind))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def words(request: Request, trade: str) -> HttpResponse:
    """Let the screens speak as a trade does, or as a medical office does."""
    former = queries.words()
    try:
        commands.choose_words(request.actor, words="" if trade == MEDICAL else trade)
    except Refusal as no:
        told = showing_settings.list_of_office(request.office.kind)
        return refused(request, LIST, "_settings.html", None, no, context=told)
    said = _("From the next page on the screens speak as a %(trade)s office does.") % {
        "trade": showing_settings.TRADE_WORDS[trade]
    }
    undo = (reverse("practice:words", args=[former or MEDICAL]), _("Undo"))
    return done(request, reverse("practice:settings"), toast=said, undo=undo)


@screen(needs=Can.MANAGE_OFFICE)
def setting(request: Request, setting: str) -> HttpResponse:
    """Show what a setting would bring to a door, and what is here already."""
    doors = list(queries.locations())
    at = request.GET.get("at", "")
    return page(
        request, PAGE, _told(request, setting, next((one for one in doors if str(one.pk) == at), None))
    )


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def setting_add(request: Request, setting: str) -> HttpResponse:
    """Bring what is missing of a setting."""
    form = SettingForm(request.POST, places=queries.locations())
    told = _told(request, setting, None) | {"form": form}
    is_new = told["shown"].added is None
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, context=told)
    try:
        added = commands.add_setting(request.actor, setting=setting, **form.cleaned_data)
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, context=told)
    held = care_setting(added.setting)
    said = _("%(name)s is in the office.") % {"name": held.name if held else setting}
    undo = (reverse("practice:setting-take-back", args=[added.pk]), _("Take it back")) if is_new else None
    return done(request, reverse("practice:setting", args=[setting]), toast=said, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def setting_take_back(request: Request, added_setting_id: UUID) -> HttpResponse:
    """Retire what a setting brought."""
    try:
        kept = commands.take_setting_back(
            request.actor, added_id=added_setting_id, version=form_version(request)
        )
    except Refusal as no:
        told = showing_settings.list_of_office(request.office.kind)
        return refused(request, LIST, "_settings.html", None, no, context=told)
    closed, stay = (queries.doors_made_for(kept, is_open=one) for one in (False, True))
    said = [_("What the setting brought is retired.")]
    said += [_("%(name)s is closed: nothing was done there.") % {"name": one.name} for one in closed]
    said += [_("%(name)s is in use and stays open.") % {"name": one.name} for one in stay]
    return done(request, reverse("practice:setting", args=[kept.setting]), toast=" ".join(said))


def _told(request: Request, key: str, door: Any) -> dict[str, Any]:
    """Return what the page of a setting shows; 404 where there is none to add."""
    doors = list(queries.locations())
    shown = showing_settings.shown_setting(key, request.office.kind, doors, door)
    if shown is None:
        raise Http404
    chosen = {"location_id": shown.door.pk if shown.door else None}
    form = SettingForm(initial=chosen, places=doors)
    return {"shown": shown, "states": STATE_WORDS, "doors": doors, "form": form}
