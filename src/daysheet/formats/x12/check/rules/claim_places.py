"""Who provides the care, and where everybody lives (837)."""

import re
from collections.abc import Iterator

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, first

ALL = "837P 837I 837D"
PROVIDERS = frozenset(("71", "72", "82", "DN", "DQ", "P3", "ZZ"))
PO_BOX = re.compile(r"\b(?:P\.?\s*O\.?\s*BOX|POST OFFICE BOX|LOCK ?BOX)\b", re.IGNORECASE)


@rule(
    "providers.billing-npi",
    when="2000A",
    kinds=ALL,
    at="2010AA NM109",
    fix="Enter the NPI of the billing provider.",
)
def billing_npi(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.new_people:
        if loop == "2010AA" and not item[9] and not item[8]:
            yield Hit(item, 9, "The billing provider has no NPI.")


@rule(
    "providers.npi",
    when="new name",
    kinds=ALL,
    at="2010AA NM109",
    snip=5,
    fix="Look the NPI up: a digit is wrong.",
)
def npi(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_names:
        if item[8] == "XX" and item[9] and not claim.codes.valid("npi", item[9]):
            yield Hit(item, 9, "This is not an NPI: its check digit does not come out.", loop)


@rule(
    "providers.taxonomy",
    when="new specialty",
    kinds=ALL,
    at="2000A PRV03",
    snip=5,
    fix="Ten signs, the last an X.",
)
def taxonomy(claim: Claim) -> Iterator[Hit]:
    for item in claim.new_specialties:
        if len(item[3]) == 10 and not claim.codes.valid("taxonomy", item[3]):
            yield Hit(item, 3, "This is not a taxonomy code.")


@rule(
    "providers.rendering-is-billing",
    when="2310B",
    kinds="837P 837D",
    at="2310B NM109",
    fix="Leave loop 2310B out.",
    severity="warning",
)
def rendering_is_billing(claim: Claim) -> Iterator[Hit]:
    billing = claim.within("2010AA")
    for loop, item, _ in claim.own_people:
        if loop == "2310B" and item[1] == "82" and billing and item[9] and item[9] == billing.segments[0][9]:
            yield Hit(item, 9, "The rendering provider is the billing provider: it is named once.")


@rule(
    "providers.referring-twice",
    when="2310A",
    kinds=ALL,
    at="2310A NM101",
    fix="One referring provider, and one primary care provider.",
)
def referring_twice(claim: Claim) -> Iterator[Hit]:
    met: set[str] = set()
    for loop, item, _ in claim.own_people:
        if loop == "2310A" and item[1] in ("DN", "P3"):
            if item[1] in met:
                yield Hit(item, 1, "The same kind of referring provider is named twice.")
            met.add(item[1])


@rule(
    "providers.primary-care-alone",
    when="2310A",
    kinds="837P 837D",
    at="2310A NM101",
    fix="Name the referring provider first (DN).",
)
def primary_care_alone(claim: Claim) -> Iterator[Hit]:
    own = [item for loop, item, _ in claim.own_people if loop == "2310A"]
    if own and not any(item[1] == "DN" for item in own):
        yield Hit(own[0], 1, "A primary care provider is named without a referring one.")


@rule(
    "providers.referring-number",
    when="people",
    kinds="837P",
    at="2310A NM109",
    fix="Enter the NPI of the referring provider.",
)
def referring_number(claim: Claim) -> Iterator[Hit]:
    for loop, item, within in claim.own_people:
        lacks = not item[8] and not item[9] and within.first("REF") is None  # one alone: half-number
        if loop in ("2310A", "2310B", "2310D") and lacks:
            yield Hit(item, 9, "The provider has neither an NPI nor another number.", loop)


@rule(
    "providers.provider-is-a-person",
    when="people",
    kinds=ALL,
    at="2310A NM102",
    fix="Name the person (1).",
    severity="warning",
)
def provider_is_a_person(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.own_people:
        if item[1] in PROVIDERS and item[2] == "1" and item[3] and not item[4]:
            yield Hit(item, 4, "A person stands here without a given name.", loop)


@rule(
    "place.billing-post-box",
    when="2000A",
    kinds=ALL,
    at="2010AA N301",
    fix="Give the street; a box belongs to the pay-to address.",
)
def billing_post_box(claim: Claim) -> Iterator[Hit]:
    for loop, _, within in claim.new_people:
        item = within.first("N3") if loop == "2010AA" else None
        if item is not None and (PO_BOX.search(item[1]) or PO_BOX.search(item[2])):
            yield Hit(item, 1, "The billing provider's address is a post box.")


@rule(
    "place.billing-zip",
    when="new town",
    kinds=ALL,
    at="2010AA N403",
    fix="Give the ZIP code with its four digits behind.",
)
def billing_zip(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_towns:
        if loop in ("2010AA", "2310C") and item[4] in ("", "US") and len(item[3]) == 5:
            yield Hit(item, 3, "This ZIP code needs nine digits here.", loop)


@rule(
    "place.state",
    when="new town",
    kinds=ALL,
    at="2010AA N402",
    snip=5,
    fix="Two letters of a state or territory.",
)
def state(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_towns:
        if (
            item[4] in ("", "US", "CA")
            and item[2]
            and item[4] != "CA"
            and not claim.codes.valid("state", item[2])
        ):
            yield Hit(item, 2, f"{item[2]} is no state.", loop)


@rule("place.state-missing", when="new town", kinds=ALL, at="2010AA N402", fix="Give the state.")
def state_missing(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_towns:
        if item[4] in ("", "US") and not item[2]:
            yield Hit(item, 2, "An address in the United States names its state.", loop)


@rule("place.zip", when="new town", kinds=ALL, at="2010AA N403", snip=5, fix="Five or nine digits, no dash.")
def zip_code(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_towns:
        if item[4] in ("", "US") and len(item[3]) >= 3 and not claim.codes.valid("zip", item[3]):
            yield Hit(item, 3, "This is not a ZIP code.", loop)


@rule("place.zip-missing", when="new town", kinds=ALL, at="2010AA N403", fix="Give the ZIP code.")
def zip_missing(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_towns:
        if item[4] in ("", "US") and not item[3]:
            yield Hit(item, 3, "An address in the United States has a ZIP code.", loop)


@rule("place.zip-placeholder", when="new town", kinds=ALL, at="2010AA N403", fix="Look the ZIP code up.")
def zip_placeholder(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_towns:
        if (
            len(item[3]) in (5, 9)
            and item[3].isdigit()
            and (len(set(item[3])) == 1 or item[3][5:] in ("0000", "9999"))
        ):
            yield Hit(item, 3, "This ZIP code stands for none.", loop)


@rule(
    "place.subdivision-at-home",
    when="new town",
    kinds=ALL,
    at="2010AA N407",
    fix="Leave N407 out in the United States.",
)
def subdivision_at_home(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_towns:
        if item[7] and item[4] in ("", "US"):
            yield Hit(item, 7, "Only addresses abroad have a subdivision.", loop)


@rule(
    "place.same-address-twice",
    when="2000A",
    kinds=ALL,
    at="2010AB N3",
    fix="Leave loop 2010AB out.",
    severity="warning",
)
def same_address_twice(claim: Claim) -> Iterator[Hit]:
    billing, pay_to = claim.within("2010AA"), claim.within("2010AB")
    if claim.above.office in claim.new_loops and billing and pay_to:
        mine, theirs = first(billing, "N3"), first(pay_to, "N3")
        if (
            mine is not None
            and theirs is not None
            and mine == theirs
            and first(billing, "N4") == first(pay_to, "N4")
        ):
            yield Hit(theirs, 1, "The address to pay to is the billing address: it is left out then.")
