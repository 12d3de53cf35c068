"""What a person would type into a control: plausible words by its name, else the first choice."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.mailroom.texts import CLAIMS
from tests.pictures import PNG
from tests.proofs.forms import Control, PageForm

WORDS = {
    "amount": "10.00",
    "office_copay": "20.00",
    "counted": "200.00",
    "check_number": "1044",
    "code": "J06.9",
    "label": "Office visit, short",
    "units": "1",
    "pointers": "1",
    "modifiers": "",
    "starts_on": "3/1/2026",
    "last_day": "12/31/2026",
    "service_on": "3/3/2026",
    "signed_on": "3/3/2026",
    "due": "+2w",
    "until": "tomorrow",
    "day": "3/10/2026",
    "began": "3/2/2026",
    "ended": "3/3/2026",
    "from_day": "3/4/2026",
    "clock": "",
    "turn": "",
    "family": "Okafor",
    "given": "Joy",
    "born_on_0": "4",
    "born_on_1": "9",
    "born_on_2": "1981",
    "deceased_on": "",
    "npi": "",
    "taxonomy": "207Q00000X",
    "credential": "MD",
    "tax_id": "123456789",
    "zip": "01103",
    "guarantor_zip": "",
    "state": "MA",
    "city": "Springfield",
    "street": "12 Main St",
    "phone": "(413) 555-0142",
    "email": "joy@example.org",
    "username": "joy.okafor",
    "password": "fourteen-geese-over-lake-9",
    "display_name": "Joy Okafor",
    "name": "Second Door",
    "plan_name": "Harbor Silver",
    "payer_id": "HARB9",
    "member_id": "HX100200",
    "group_number": "",
    "filing_limit_days": "90",
    "appeal_limit_days": "180",
    "our_id": "NORTHSIDE",
    "their_id": "HARBOR",
    "folder": "harbor",
    "agency": "County Care",
    "reader": "tmr_9",
    "reason": "asked for at the desk",
    "because": "asked for at the desk",
    "words": "asked for at the desk",
    "sentence": "Call about the school form",
    "note": "Please call.",
    "title": "Card, front",
    "signed_by": "Joy Okafor",
    "q": "oka",
    "place_of_service": "11",
}
UNTOUCHED = ("closes_", "opens_", "contact_", "guarantor_", "subscriber_", "phone2")
EMPTY = frozenset(
    {"middle", "suffix", "street2", "former_family", "preferred", "pronouns", "prior_authorization", "chart"}
)


def plausible(one: Control) -> str | None:
    """Return what a person would put in; None leaves the control as it stands."""
    if one.name.startswith(UNTOUCHED) or one.name in EMPTY or one.kind == "checkbox":
        return None
    if one.options:
        return one.value or next((option for option in one.options if option), "")
    if one.value:
        return None
    return WORDS.get(one.name)


PAPERS = {
    "mailroom:envelope-upload": ("came.x12", CLAIMS),
    "movein:file-bring": ("patients.csv", b"ID,Last Name,First Name,DOB\n900001,Roe,Ann,1/2/1990\n"),
    "charges:fees-import": ("fees.csv", b"code,label,amount\nX0020,Office visit,92.00\n"),
}
"""What is uploaded where; a picture anywhere else."""
PICTURE = ("card.png", PNG)


def papers(form: PageForm, given: tuple[str, bytes] | None = None) -> dict[str, SimpleUploadedFile]:
    """Return what a person would upload, or the file that is given, for every file that a form asks for."""
    name, content = given or PAPERS.get(form.address, PICTURE)
    return {one.name: SimpleUploadedFile(name, content) for one in form.controls if one.kind == "file"}
