"""Numbers that can be told from those that cannot be."""


def is_npi(text: str) -> bool:
    """Return whether ten digits are a National Provider Identifier: Luhn over 80840 and the number (45 CFR 162.406)."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()) or text[0] not in "12":
        return False
    total = 24
    for place, sign in enumerate(text):
        digit = int(sign)
        if place % 2 == 0:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def is_routing_number(text: str) -> bool:
    """Return whether nine digits are a routing number of a US bank: weights 3, 7, 1, a sum that ten divides."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    return sum(int(sign) * weight for sign, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0


def is_social_security(text: str) -> bool:
    """Return whether nine digits can be a social security number: no area 000, 666, 9xx, no group 00, no serial 0000."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    return text[:3] not in ("000", "666") and text[0] != "9" and text[3:5] != "00" and text[5:] != "0000"
