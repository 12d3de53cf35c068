"""Terminals of the card company: which stand at which desk; one that asks for a card is cancelled here."""

import re
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents.models import PrintStation
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import StaleForm
from daysheet.ledger.cardgate.practice_cards import CARDS, RED_BUTTON
from daysheet.ledger.checks import no_card_numbers
from daysheet.ledger.commands.cards import CardIsWrong, State, _carry_on, _held, _step
from daysheet.ledger.models import CardCharge, CardDoor, CardMemory, CardTerminal

READER = re.compile(r"[A-Za-z0-9_-]{3,80}")
LONGEST_NAME = 60


@command(needs=Can.MANAGE_OFFICE)
def keep_terminal(
    by: Actor,
    /,
    *,
    name: str,
    reader: str,
    station_id: UUID | None = None,
    terminal_id: UUID | None = None,
    version: int = 0,
) -> CardTerminal:
    """Enter a terminal of the card company, and at which station it stands. Raises CardIsWrong or StaleForm."""
    told, known = " ".join(name.replace("\x00", " ").split()), reader.strip()
    no_card_numbers(name=told, reader=known)
    if not told or len(told) > LONGEST_NAME:
        sentence = _("Give the terminal a name of at most 60 signs, such as Front desk terminal.")
        raise CardIsWrong(sentence, name=sentence)
    if not READER.fullmatch(known):
        sentence = _("Type the id that the card company gave the terminal, such as tmr_Ft3a9.")
        raise CardIsWrong(sentence, reader=sentence)
    if station_id and not PrintStation.objects.filter(pk=station_id, retired_at=None).exists():
        sentence = _("That station is not used any more. Choose another.")
        raise CardIsWrong(sentence, station=sentence)
    door = CardDoor.objects.first()
    if door is None or door.company == CardDoor.Company.NONE:
        raise CardIsWrong(_("Choose the card company first; its terminals come then."))
    held = CardTerminal(version=0, company=door.company)
    if terminal_id is not None:
        held = CardTerminal.objects.select_for_update().get(pk=terminal_id, retired_at=None)
        if held.version != version:
            raise StaleForm(_("Somebody else has changed this terminal meanwhile. Look at it again."))
    held.name, held.reader, held.station_id = told, known, station_id
    held.version += 1
    taken, twice = _("Another terminal has this name."), _("That terminal is entered already.")
    full = _("Another terminal stands at this station. Take that one away first.")
    with refusing(
        card_terminal_name_is_own=CardIsWrong(taken, name=taken),
        card_terminal_is_entered_once=CardIsWrong(twice, reader=twice),
        station_has_one_card_terminal=CardIsWrong(full, station=full),
    ):
        held.save()
    record(by, "ledger.card-terminal.kept", held, company=held.company)
    return held


@command(needs=Can.MANAGE_OFFICE)
def retire_terminal(by: Actor, /, *, terminal_id: UUID) -> CardTerminal:
    """Use a terminal no more; what it took stays to be seen."""
    held = CardTerminal.objects.select_for_update().get(pk=terminal_id)
    held.retired_at = held.retired_at or by.now
    held.save(update_fields=["retired_at"])
    record(by, "ledger.card-terminal.retired", held)
    return held


@command(needs=Can.MANAGE_OFFICE)
def take_up_terminal(by: Actor, /, *, terminal_id: UUID) -> CardTerminal:
    """Use a terminal again that was retired by mistake. Raises CardIsWrong where its place is taken."""
    held = CardTerminal.objects.select_for_update().get(pk=terminal_id)
    held.retired_at = None
    sentence = _("Its name, its id or its station has another terminal now. Enter it anew.")
    taken = CardIsWrong(sentence)
    with refusing(
        card_terminal_name_is_own=taken,
        card_terminal_is_entered_once=taken,
        station_has_one_card_terminal=taken,
    ):
        held.save(update_fields=["retired_at"])
    record(by, "ledger.card-terminal.taken-up", held)
    return held


@command(needs=Can.TAKE_PAYMENT)
def begin_stop(by: Actor, /, *, charge_id: UUID, version: int) -> CardCharge:
    """Cancel at the terminal: it asks for no card any more, and what was just approved is let go. Raises StaleForm."""
    return _step(by, _held(charge_id, version, State.PRESENTING), State.STOPPING, "")


@command(needs=Can.TAKE_PAYMENT)
def show_card(by: Actor, /, *, charge_id: UUID, shown: str) -> CardCharge:
    """Hold a practice card to a practice terminal, or press its red button. Raises CardIsWrong."""
    charge = CardCharge.objects.select_for_update(of=("self",)).filter(pk=charge_id).first()
    if charge is None or charge.company != CardDoor.Company.LOOPBACK or charge.state != State.PRESENTING:
        raise CardIsWrong(_("The practice terminal does not wait for a card now."))
    if shown not in {*CARDS, RED_BUTTON}:
        raise CardIsWrong(_("No such practice card. Choose one of those shown."))
    CardMemory.objects.get_or_create(
        key=f"shown:{charge.ref}",
        defaults={"verb": "show", "amount": charge.amount, "ref": shown, "at": by.now},
    )
    record(by, "ledger.card.shown", charge)
    _carry_on(by, charge)
    return charge
