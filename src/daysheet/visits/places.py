"""Places of service, pure: two digits of the list that CMS keeps for all payers.

Source: CMS Pub. 100-04 (Medicare Claims Processing Manual), chapter 26, section 10.5.
"""

from functools import cache
from importlib import resources

HOME = "12"
INPATIENT = ("21", "51", "61")
"""Where a patient has been admitted: the claim says since when (TR3 837P 2300 DTP 435)."""
AWAY = (
    "12",
    "13",
    "14",
    "19",
    "21",
    "22",
    "23",
    "24",
    "31",
    "32",
    "33",
    "34",
    "51",
    "52",
    "54",
    "55",
    "56",
    "61",
    "62",
)
"""Where clinicians of an office see patients away from it."""


@cache
def labels() -> dict[str, str]:
    """Return what each place of service is called here."""
    text = resources.files("daysheet.visits").joinpath("places_of_service.tsv").read_text("utf-8")
    return dict(line.split("\t", 1) for line in text.splitlines())


def called(code: str) -> str:
    """Return a place of service with what it is called: 10 Telehealth, at the patient's home."""
    word = labels().get(code)
    return f"{code} {word}" if word else code
