"""The link of a check-in as a picture that a kiosk's scanner reads."""

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathFillImage

from daysheet.kernel.models import Practice
from daysheet.mailroom import links


def kiosk_code(token: str, practice: Practice) -> Markup:
    """Return the picture of a link as a piece of a page; dark on white whatever the page's colours are.

    A phone's own camera opens the address in it; where patients reach no address it holds the token alone.
    """
    return drawn(links.address_of(token, is_at_home=practice.is_demo or practice.is_training) or token)


def drawn(text: str) -> Markup:
    """Return a text as a code of squares."""
    made = qrcode.make(text, image_factory=SvgPathFillImage, error_correction=ERROR_CORRECT_M)
    return Markup(made.to_string(encoding="unicode"))  # noqa: S704 - drawn by us, holds squares alone
