"""How the office asks ahead."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, queries
from daysheet.coverage.forms import PolicyForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "coverage/policy.html", "_policy_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def policy(request: Request) -> HttpResponse:
    """Say how many days ahead plans are asked, and how often a payer is asked again."""
    held = queries.policy()
    first = {
        "leads": ", ".join(str(day) for day in held.leads),
        "is_nightly": held.is_nightly,
        "tries": held.tries,
        "first_wait_minutes": held.first_wait_minutes,
    }
    form = PolicyForm(request.POST or None, initial=first)
    context = {"version": held.version}
    record(request.actor, "coverage.policy.viewed")
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        commands.set_policy(request.actor, version=form_version(request) or 0, **form.cleaned_data)
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    return done(request, reverse("coverage:policy"), toast=_("Kept. It holds from tonight on."))
