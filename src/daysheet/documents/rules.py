"""Which papers may come in, and who may read which kind. Pure."""

import re
from datetime import timedelta

from daysheet.kernel.access import Can

LARGEST = 8 * 1024 * 1024
MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
FILLED_IN = ("signed_form", "questionnaire")
"""Forms of the office, filled in at the desk: their PDF is made here."""
MADE_HERE = frozenset(
    {
        "receipt",
        "statement",
        "walkout",
        "daysheet",
        "letter",
        "packet",
        "packet_chart",
        "estimate",
        "label",
        "encounter_form",
        "test_page",
        *FILLED_IN,
    }
)
COMES_IN = ("card_front", "card_back", "photo_id", "photo", "consent", "referral", "other")
HANDED_OVER = ("letter", "referral", "signed_form", "other")
"""Papers that a patient takes along at check-out."""
SENT = {"photo_id_sent": "photo_id"}
"""Papers that a patient sent and nobody has looked at: they count for nothing; and what each becomes when it is taken."""
NEEDS = {
    "daysheet": Can.SEE_DAYSHEET,
    "receipt": Can.SEE_MONEY,
    "statement": Can.SEE_MONEY,
    "walkout": Can.SEE_MONEY,
    "estimate": Can.ENTER_CHARGES,
    "label": Can.SEE_PATIENTS,
    "test_page": Can.FILE_PAPERS,
    "encounter_form": Can.MOVE_PATIENT,
    "packet": Can.PRINT_PACKET,
    "packet_chart": Can.SEE_CHART,
}
KEPT_FOR = {
    "packet": timedelta(days=7),
    "packet_chart": timedelta(days=7),
    "label": timedelta(days=7),
    "encounter_form": timedelta(days=7),
    "test_page": timedelta(days=7),
}
"""Papers for a few days: they repeat what the books hold, and are forgotten after that."""


def type_of(content: bytes) -> str:
    """Return the media type that the first bytes tell: PDF, PNG, JPEG, or nothing."""
    return next((media_type for start, media_type in MAGIC if content.startswith(start)), "")


def needed(kind: str) -> Can:
    """Return the permission that reading a paper of a kind takes."""
    return NEEDS.get(kind, Can.SEE_PAPERS)


def may_be_inline(kind: str, media_type: str) -> bool:
    """Return whether a browser may show the paper itself: pictures, and the PDF that we made."""
    return media_type in {"image/png", "image/jpeg"} or (
        media_type == "application/pdf" and kind in MADE_HERE
    )


def may_be_photo(kind: str, media_type: str) -> bool:
    """Return whether a paper is a picture of a face, which a banner may show."""
    return kind == "photo" and media_type in {"image/png", "image/jpeg"}


SORTS = {"receipt": "receipt", "label": "label", "encounter_form": "encounter"}
"""Which sort of printer a kind of paper wants; every other kind the plain one."""
PRINTABLE = frozenset({"application/pdf", "image/png", "image/jpeg"})
PLACE = re.compile(
    r"ipps?://[A-Za-z0-9]([A-Za-z0-9.-]{0,200}[A-Za-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]{0,100})?"
)


def sort_of(kind: str) -> str:
    """Return the sort of printer that a kind of paper wants."""
    return SORTS.get(kind, "plain")


def fault_of_place(uri: str) -> str:
    """Return what is wrong with the address of a printer: shape, port, or nothing."""
    if not PLACE.fullmatch(uri) or ".." in uri:
        return "shape"
    port = re.search(r":([0-9]+)(/|$)", uri.split("://", 1)[1])
    return "port" if port and not 0 < int(port[1]) < 65536 else ""


SCAN_KEPT_FOR = timedelta(days=7)
"""How long the bytes of a scan are held after it was taken or dropped, so that it can be put back."""


def is_tiff(content: bytes) -> bool:
    """Return whether the first bytes are those of a TIFF."""
    return content.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"))


def is_whole_pdf(content: bytes) -> bool:
    """Return whether a PDF has its end."""
    return b"%%EOF" in content[-2048:]


def plain_name(name: str) -> str:
    """Return the name of a file as it may be shown: no sign that is not seen, none that turns the line."""
    told = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in told)[:120] or "?"
