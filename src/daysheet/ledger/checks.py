"""What a person types about money, looked at before anything is written."""

from decimal import Decimal

from daysheet.kernel.cards import holds_card_number
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, NotMoney, say, usd

MOST_AT_A_DESK = usd("100000.00")


class NotAnAmount(Refusal):
    """What was typed is no amount of money that the office takes."""


class HoldsCardNumber(Refusal):
    """A card number was typed where only brand, last four digits and approval number may stand."""


class NeedsReason(Refusal):
    """It takes a reason, and perhaps a permission, to let it pass."""


def amount_above_zero(
    amount: Decimal | str | int, *, what: str = "The amount", most: Decimal = MOST_AT_A_DESK
) -> Decimal:
    """Return money above zero, or refuse in a sentence."""
    money = _money(amount, what, "amount")
    if money <= ZERO:
        sentence = f"{what} must be above zero."
        raise NotAnAmount(sentence, amount=sentence)
    if money > most:
        sentence = f"{what} is more than {say(most)}. Check the figure."
        raise NotAnAmount(sentence, amount=sentence)
    return money


def amount_in_drawer(amount: Decimal | str | int, *, field: str) -> Decimal:
    """Return money of zero or more, or refuse in a sentence."""
    money = _money(amount, "That amount", field)
    if money < ZERO:
        sentence = "A drawer cannot hold less than nothing."
        raise NotAnAmount(sentence, **{field: sentence})
    return money


def no_card_numbers(**texts: str) -> None:
    """Refuse texts that hold a card number: it is neither kept nor logged."""
    for name, text in texts.items():
        if holds_card_number(text):
            sentence = (
                "A card number does not belong here. Type the brand, the last four digits, the approval."
            )
            raise HoldsCardNumber(sentence, **{name: sentence})


def said_why(reason: str) -> str:
    """Return the reason as it is kept, or ask for one."""
    no_card_numbers(reason=reason)
    if not reason.strip():
        raise NeedsReason("Say why, in a word or two.", reason="Say why, in a word or two.")
    return reason.strip()


def over_or_short(amount: Decimal) -> str:
    """Return the difference of a drawer as a desk says it."""
    return f"{say(amount)} over" if amount > 0 else f"{say(-amount)} short"


def _money(amount: Decimal | str | int, what: str, field: str) -> Decimal:
    try:
        return usd(amount)
    except NotMoney as no:
        raise NotAnAmount(f"{what} cannot be taken. {no}", **{field: str(no)}) from no
