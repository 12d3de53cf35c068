"""What the card company is to be asked in each state of a payment, and in whose name."""

from dataclasses import dataclass, replace

from daysheet.kernel.access import Actor
from daysheet.ledger.cardgate import CardWish, Verb
from daysheet.ledger.models import CardCharge

VERBS: dict[str, Verb] = {
    "presenting": "look",
    "stopping": "stop",
    "timing_out": "stop",
    "capturing": "capture",
    "releasing": "cancel",
    "returning": "refund",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask of which company, in whose name."""

    wish: CardWish
    company: str
    by: Actor


def verb_of(charge: CardCharge) -> Verb | None:
    """Return what is asked of the company in the state of a payment; nothing where it is settled."""
    if charge.state != CardCharge.State.ASKED:
        return VERBS.get(charge.state)
    if charge.terminal_id or charge.on_page:
        return "present"
    return "save" if charge.kind == CardCharge.Kind.SAVE else "authorize"


def asked_of(by: Actor, charge: CardCharge) -> Asked | None:
    """Return what the company is asked now, by a key under which it does it once."""
    verb = verb_of(charge)
    if verb is None:
        return None
    wish = CardWish(
        verb=verb,
        key=f"{charge.pk}:{verb}:{charge.step}",
        amount=(charge.asked_back or charge.left) if verb == "refund" else charge.amount,
        token=charge.card.token if charge.card else charge.token,
        ref=charge.ref,
        keeps_card=charge.keeps_card,
        page=charge.on_page,
        back=charge.back_url,
        reader=charge.terminal.reader if charge.terminal else "",
        began=f"{charge.pk}:present:{charge.step}" if verb == "stop" and not charge.ref else "",
    )
    who = Actor.of_role(
        charge.by_role, practice_id=by.practice_id, user_id=charge.by_user_id, name=charge.by_name, now=by.now
    )
    who = replace(who, station_id=charge.by_station_id)
    return Asked(wish, charge.company, who if charge.by_user_id else replace(by, name=charge.by_name))
