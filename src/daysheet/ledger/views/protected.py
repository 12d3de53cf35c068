"""Balances that may not be asked of the patient: the list to work off, and letting one be asked with a reason."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import say
from daysheet.ledger import asking, commands
from daysheet.ledger.plan_forms import AskAnywayForm
from daysheet.ledger.views.accounts import ACT, ACT_FORM, GET_AND_POST
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.words import day as day_words

LIST, LIST_PIECE = "ledger/protected.html", "_protected.html"


@screen(needs=Can.SEE_MONEY)
def protected(request: Request) -> HttpResponse:
    """Show the balances that Medicaid, QMB or workers' compensation keeps from the patient, and what was lifted."""
    return page(request, LIST, _facts(request))


@screen(needs=Can.ADJUST, methods=GET_AND_POST)
def ask_anyway(request: Request, patient_id: UUID) -> HttpResponse:
    """Let a service day be asked for, saying why and where that stands."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "ledger.account.viewed", patient)
    held = asking.asking(patient_id)
    days = {one.service_on: say(one.amount) for one in held.kept_back}
    today = request.office.today
    shield = asking.protected_today(patient_id, today)
    if shield:
        days.setdefault(today, _("nothing is owed yet"))
    choices = [(on.isoformat(), f"{day_words(on)}, {amount}") for on, amount in sorted(days.items())]
    form = AskAnywayForm(request.POST or None, days=choices)
    back = reverse("ledger:protected")
    context = {
        "patient": patient,
        "title": _("Ask for it after all"),
        "hint": held.words or (shield.sentence if shield else _("Nothing is kept back from this patient.")),
        "back": back,
        **patients.around(request.actor, patient, today=request.office.today),
    }
    if request.method != "POST":
        return page(request, ACT, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, ACT, ACT_FORM, form, context)
    said = form.cleaned_data
    facts = {"why": said["why"], "said": said["said"], "service_on": date.fromisoformat(said["service_on"])}
    try:
        lifted = commands.ask_anyway(request.actor, patient_id=patient_id, **facts)
    except Refusal as no:
        return refused(request, ACT, ACT_FORM, form, no, context)
    undo = (reverse("ledger:asking-end", args=[lifted.pk]), _("Undo"))
    return done(request, back, toast=_("It may be asked now."), undo=undo)


@screen(needs=Can.ADJUST, methods=("POST",))
def asking_end(request: Request, asked_anyway_id: UUID) -> HttpResponse:
    """Keep it back from the patient again."""
    try:
        commands.ask_no_more(request.actor, lifted_id=asked_anyway_id)
    except Refusal as no:
        return refused(request, LIST, LIST_PIECE, None, no, _facts(request))
    return done(request, reverse("ledger:protected"), toast=_("It is kept back from the patient again."))


def _facts(request: Request) -> dict[str, object]:
    """Return what the list shows; reading it is written down."""
    accounts, lifted = asking.protected_accounts(), asking.lifted_rules()
    shown = {row.patient_id for row, _held in accounts} | {one.patient_id for one in lifted}
    record(request.actor, "ledger.protected.viewed", patients=sorted(shown))
    return {
        "rows": [(row, one) for row, held in accounts for one in held.kept_back],
        "lifted": lifted,
        "may_adjust": request.actor.can(Can.ADJUST),
    }
