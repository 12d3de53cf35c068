"""How much room a name has on the wire, and a set refused in which one does not fit."""

from .guides.writing import clean
from .problems import CannotBuild
from .write import OutgoingSet

LONGEST_NAME, LONGEST_GIVEN = 60, 35
"""NM103 (element 1035) and NM104 (element 1036) of 005010: what is longer is refused by the 999."""
WHOSE = {
    "1P": "of the office",
    "40": "of the trading partner",
    "41": "of the office",
    "77": "of the place",
    "82": "of the clinician",
    "85": "of the office",
    "IL": "of the insured",
    "PR": "of the payer",
    "QC": "of the patient",
    "03": "of the patient",
}


def wire_length(name: str) -> int:
    """Return how many signs a name has as the wire writes it."""
    return len(clean(name))


def with_names_that_fit(body: OutgoingSet) -> OutgoingSet:
    """Return a set as it is. Raises CannotBuild, saying whose, when a name in it is too long for the wire."""
    for segment in body.segments:
        if segment.id == "NM1":
            for place, longest, what in ((3, LONGEST_NAME, "name"), (4, LONGEST_GIVEN, "given name")):
                if len(segment[place]) > longest:
                    whose = WHOSE.get(segment[1], f"({segment[1]})")
                    raise CannotBuild(
                        f"The {what} {whose} has {len(segment[place])} letters, and {longest} go onto the wire "
                        f"(NM1{place:02d}). Shorten it where it stands."
                    )
    return body
