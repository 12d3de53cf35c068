"""Offers of freed times by message, on screen: the switch, and how many would be asked at once."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.mailroom import links
from daysheet.mailroom import queries as mail
from daysheet.schedule import commands, offers_out
from daysheet.schedule.models import OfferSending
from daysheet.schedule.offer_sending_forms import OfferSendingForm, kept
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, FORM = "schedule/offer-sending.html", "_offer_sending_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def sending(request: Request) -> HttpResponse:
    """Say whether freed times are offered by message."""
    row = offers_out.sending()
    practice = Practice.objects.get(pk=request.actor.practice_id)
    facts: dict[str, Any] = {
        "kept": row,
        "is_on": offers_out.is_on(row),
        "wait": len(offers_out.to_offer(request.actor.now)),
        "has_way": bool(mail.ways_out(practice) & {"sms", "email"}),
        "has_address": bool(links.address_of("-", is_at_home=practice.is_demo or practice.is_training)),
    }
    if request.method != "POST":
        record(request.actor, "schedule.offer-sending.viewed")
        return page(request, PAGE, facts | {"form": OfferSendingForm(initial=kept(row))})
    form = OfferSendingForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, facts)
    said = form.cleaned_data
    try:
        now = commands.keep_offer_sending(
            request.actor,
            mode=said["mode"],
            interval_minutes=said["interval"],
            from_clock=said["from_clock"],
            to_clock=said["to_clock"],
            version=form_version(request),
        )
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, facts)
    toasts = {
        OfferSending.Mode.OFF: _("Freed times are offered by a call, as before."),
        OfferSending.Mode.PRESS: _("Whoever is asked from now on is written to."),
        OfferSending.Mode.ITSELF: _("Freed times are offered by themselves from now on."),
    }
    return done(request, reverse("schedule:offer-sending"), toast=toasts[OfferSending.Mode(now.mode)])
