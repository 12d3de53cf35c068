"""The page of the practice card company: a patient of a training office chooses a card, as on a real one it is typed."""

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import translation

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.cardgate.practice_cards import CARDS, RED_BUTTON
from daysheet.ledger.cardgate.practice_page import read_page
from daysheet.portal import rules, seat
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen


@screen(public=True, methods=("GET", "HEAD", "POST"))
def practice_card(request: Request, token: str) -> HttpResponse:
    """Show the practice cards, and lead back once one is chosen; no money moves here."""
    told = read_page(token)
    if told is None:
        raise Http404
    practice_id, charge_id = told
    with acting_in(practice_id), transaction.atomic(), translation.override(seat.language(request)):
        charge = books.card_charge(charge_id)
        practice = Practice.objects.filter(pk=practice_id).first()
        if charge is None or practice is None or not charge.on_page:
            raise Http404
        if request.method == "POST":
            by = Actor.system(practice_id=practice_id, now=practice.now(), name=rules.ON_PHONE)
            try:
                ledger.show_card(by, charge_id=charge_id, shown=request.POST.get("shown", ""))
            except Refusal:
                return page(request, "portal/practice-card.html", {"charge": None}, status=409)
            return HttpResponseRedirect(charge.back_url, status=303)
        waits = charge if charge.state == "presenting" else None
        cards = [(name, f"{brand} {last4}") for name, (brand, last4, _expires, _no) in CARDS.items()]
        facts = {"charge": waits, "cards": cards, "no": RED_BUTTON, "token": token, "back": charge.back_url}
        return page(request, "portal/practice-card.html", facts)
