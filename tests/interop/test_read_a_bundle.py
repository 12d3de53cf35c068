"""What a bundle says, in the office's words."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from daysheet.interop.rules.bundle import Setting, records
from daysheet.interop.rules.plans import Reference, apart
from daysheet.interop.rules.record import Clinician, Cover, Plan, Record, Skip
from daysheet.patients.rules import ChartFact, ContactFact, PhoneFact
from tests import cast
from tests.interop import papers

SETTING = Setting(ZoneInfo("America/New_York"), cast.NOW, Reference())
PRIVATE = Plan("Private insurance (derived)", "Private insurance plan (derived)")


def read(*resources: dict[str, Any]) -> Record:
    (found,) = records(papers.bundle(*resources), SETTING)
    assert isinstance(found, Record)
    return found


def test_a_person_comes_with_names_numbers_and_family() -> None:
    who = read(papers.patient()).person
    assert (who.system, who.key) == ("https://example.org/synthea", "s-1")
    assert (who.given, who.middle, who.family, who.former_family) == ("Nora", "May", "Quill", "Ash")
    assert (who.born_on, who.sex, who.language) == (date(1949, 6, 9), "F", "en")
    assert (who.street, who.street2, who.city, who.state, who.zip) == (
        "8 Elm St", "Unit 24", "Easton", "MA", "02334",
    )  # fmt: skip
    assert who.phones == (PhoneFact("+15558873298", "home"),)
    assert who.email == "nora@example.org"
    assert who.contacts == (
        ContactFact("Ida Quill", "daughter", "+15558870001"),
        ContactFact("Eva Stone", "mother (maiden name)", is_emergency=False),
    )
    assert who.identifiers == (
        ("https://example.org/synthea", "s-1"),
        ("http://hl7.org/fhir/sid/us-ssn", "999-12-8616"),
        ("urn:oid:2.16.840.1.113883.4.3.25", "S99916156"),
    )


def test_a_day_of_death_outside_the_life_is_not_believed() -> None:
    assert read(papers.patient(deceasedDateTime="2001-02-03T04:05:06Z")).person.died_on == date(2001, 2, 3)
    assert read(papers.patient(deceasedDateTime="1940-02-03")).person.died_on is None
    assert read(papers.patient(deceasedDateTime="2027-02-03")).person.died_on is None


@pytest.mark.parametrize(
    "broken",
    [{"birthDate": "1949-06"}, {"birthDate": "2031-01-01"}, {"birthDate": 5}, {"birthDate": "1949-02-31"}],
)
def test_without_a_whole_birth_date_in_the_past_the_patient_is_left_out(broken: dict[str, Any]) -> None:
    found = list(records(papers.bundle(papers.patient(**broken)), SETTING))
    assert found == [Skip("patient", "The birth date is missing, not a whole day, or has not come yet.")]


def test_a_patient_without_a_name_or_a_number_is_left_out() -> None:
    (nameless,) = records(papers.bundle(papers.patient(name=[{"family": "907"}])), SETTING)
    (numberless,) = records(papers.bundle(papers.patient(identifier=[], id=None)), SETTING)
    assert nameless == Skip("patient", "The patient has no name.")
    assert numberless == Skip("patient", "The patient has no number by which to know it again.")


def test_an_encounter_is_a_visit_with_its_clinician() -> None:
    record = read(papers.patient(), papers.practitioner(), papers.encounter())
    (visit,) = record.encounters
    assert visit.key == "https://example.org/synthea|s-1|Encounter|e1"
    assert (visit.began_at, visit.ended_at) == (
        datetime(2019, 3, 4, 15, tzinfo=UTC),
        datetime(2019, 3, 4, 15, 30, tzinfo=UTC),
    )
    assert visit.reason == "Encounter for problem"
    assert record.clinicians == {"d1": Clinician("d1", "Nicolas", "Barry")}


def test_a_clinician_who_is_only_shown_or_not_named_has_a_name_too() -> None:
    shown = read(papers.patient(), papers.encounter())
    unnamed = read(papers.patient(), papers.encounter(participant=[]))
    assert shown.clinicians == {"urn:uuid:d1": Clinician("urn:uuid:d1", "Nicolas", "Barry")}
    assert unnamed.clinicians == {"unnamed": Clinician("unnamed", "Clinician", "Unnamed")}


def test_visits_that_did_not_take_place_are_counted_with_the_reason() -> None:
    record = read(
        papers.patient(),
        papers.encounter(1, "2031-03-04T15:00:00+00:00"),
        papers.encounter(2, "soon"),
        papers.encounter(3, status="cancelled"),
    )
    assert record.encounters == []
    assert record.skipped == [
        Skip("Encounter", "It did not take place.", 1),
        Skip("Encounter", "It has no beginning, or begins in the future.", 2),
    ]


AT = "2011-08-18T02:10:16+00:00"  # still the 17th in New York
CHART = [
    (papers.clinical("Condition", "code", "162864005", "Obesity", onsetDateTime=AT, abatementDateTime="2012-01-01"),
     ("condition", "SNOMED", date(2011, 8, 17), date(2012, 1, 1))),
    (papers.clinical("AllergyIntolerance", "code", "419474003", "Allergy to mould", recordedDate=AT),
     ("allergy", "SNOMED", date(2011, 8, 17), None)),
    (papers.clinical("Procedure", "code", "428191000124101", "Review", performedPeriod={"start": AT, "end": AT}),
     ("procedure", "SNOMED", date(2011, 8, 17), date(2011, 8, 17))),
    ({**papers.clinical("Immunization", "vaccineCode", "140", "Influenza", occurrenceDateTime=AT),
      "vaccineCode": papers.coded("140", "Influenza", "http://hl7.org/fhir/sid/cvx")},
     ("immunization", "CVX", date(2011, 8, 17), None)),
    ({**papers.clinical("MedicationRequest", "medicationCodeableConcept", "310325", "Iron", authoredOn=AT),
      "medicationCodeableConcept": papers.coded("310325", "Iron", "http://www.nlm.nih.gov/research/umls/rxnorm")},
     ("medication", "RxNorm", date(2011, 8, 17), None)),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "said"), CHART, ids=[row[1][0] for row in CHART])
def test_a_clinical_resource_is_a_line_of_the_chart(resource: dict[str, Any], said: tuple[Any, ...]) -> None:
    (line,) = read(papers.patient(), resource).chart
    kind, system, began, ended = said
    assert line == ChartFact(
        kind, line.label, system, resource["id"], began, ended,
        f"https://example.org/synthea|s-1|{resource['resourceType']}|{resource['id']}",
    )  # fmt: skip


def test_what_is_not_so_is_no_line() -> None:
    error = papers.clinical(
        "Condition", "code", "1", "Ghost", verificationStatus=papers.coded("entered-in-error")
    )
    not_done = papers.clinical("Immunization", "vaccineCode", "2", "Not given", status="not-done")
    assert read(papers.patient(), error, not_done).chart == []


def test_a_claim_with_its_answer_is_a_bill_to_the_cent() -> None:
    (bill,) = read(*[entry["resource"] for entry in papers.whole()["entry"]]).bills
    assert bill.plan == PRIVATE
    assert (bill.charge, bill.plan_paid) == (Decimal("817.83"), Decimal("554.26"))
    assert bill.shares == (("2", Decimal("138.57")),)
    assert bill.encounter == "https://example.org/synthea|s-1|Encounter|e1"
    assert bill.service_on == date(2019, 3, 4)


def test_a_cent_that_rounding_leaves_over_goes_to_the_share() -> None:
    claim = papers.claim(total=0.03)
    benefit = papers.benefit(paid=0.015, coinsrnc=0.015)
    (bill,) = read(papers.patient(), claim, benefit).bills
    assert (bill.plan_paid, bill.shares) == (Decimal("0.02"), (("2", Decimal("0.01")),))


@pytest.mark.parametrize("total", [0, -5, "much", None, 1e300, True, [3]])
def test_a_claim_that_is_no_money_is_left_out(total: Any) -> None:
    record = read(papers.patient(), papers.claim(total=total))
    assert record.bills == []
    assert record.skipped == [Skip("Claim", "It has no day, no number, or no sum of money that can be.", 1)]


def test_coverage_follows_the_payers_that_the_bills_name() -> None:
    years = [("2001", "private"), ("2003", "private"), ("2005", "no_insurance"), ("2014", "medicare")]
    claims = [
        papers.claim(n, 50, payer, billablePeriod={"start": f"{year}-05-01T15:00:00Z"})
        for n, (year, payer) in enumerate(years, start=1)
    ]
    covers = read(papers.patient(), *claims).covers
    assert [(one.plan.payer, one.starts_on, one.ends_on, one.rank) for one in covers] == [
        ("Private insurance (derived)", date(2001, 5, 1), date(2005, 5, 1), 1),
        ("Medicare (derived)", date(2014, 5, 1), None, 1),
    ]
    assert all(one.member_id.startswith("DRV") for one in covers)


def test_us_core_coverage_is_read_and_a_patient_who_pays_has_none() -> None:
    insurer = {"resourceType": "Organization", "id": "o1", "name": "Harbor Mutual"}
    plan = {"type": papers.coded("plan"), "value": "51", "name": "Harbor SILVER"}
    base = {"resourceType": "Coverage", "beneficiary": {"reference": papers.PATIENT}}
    first = base | {
        "id": "k1", "period": {"start": "2010-01-05T12:00:00Z", "end": "2015-01-05T12:00:00Z"},
        "payor": [{"reference": "urn:uuid:o1"}], "class": [plan],
    }  # fmt: skip
    own = base | {"id": "k2", "period": {"start": "2015-01-05"}, "payor": [{"reference": papers.PATIENT}]}
    claim = papers.claim(insurance=[{"coverage": {"reference": "urn:uuid:k1"}}])
    record = read(papers.patient(), insurer, first, own, claim)
    (cover,) = record.covers
    assert cover.plan == Plan("Harbor Mutual (derived)", "Harbor SILVER (derived)")
    assert (cover.starts_on, cover.ends_on) == (date(2010, 1, 5), date(2015, 1, 5))
    assert record.bills[0].plan == cover.plan
    assert Skip("Coverage", "It names no payer: the patient pays.", 1) in record.skipped


def test_a_bundle_of_two_keeps_them_apart() -> None:
    other = papers.patient(id="p2", identifier=[{"system": "s", "value": "2"}])
    theirs = papers.encounter(2, subject={"reference": "urn:uuid:p2"})
    nora, al = records(papers.bundle(papers.patient(), other, papers.encounter(1), theirs), SETTING)
    assert isinstance(nora, Record)
    assert isinstance(al, Record)
    assert [one.key.rsplit("|", 1)[1] for one in nora.encounters] == ["e1"]
    assert [one.key.rsplit("|", 1)[1] for one in al.encounters] == ["e2"]


def test_what_an_office_does_not_keep_is_counted() -> None:
    seen = [papers.clinical("Observation", "code", str(n), "Weight") for n in range(3)]
    assert read(papers.patient(), *seen).skipped == [
        Skip("Observation", "An office keeps no such record.", 3)
    ]


def test_a_plan_that_was_renewed_is_one_coverage_with_its_latest_number() -> None:
    years = [date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)]
    told = [Cover(PRIVATE, starts, ends, f"m-{starts.year}") for starts, ends in pairwise(years)]
    assert apart(told, None) == [Cover(PRIVATE, years[0], years[2], "m-2020")]


def test_a_later_plan_ends_an_earlier_one_and_death_ends_the_last() -> None:
    other = Plan("Harbor Mutual (derived)", "Harbor SILVER (derived)")
    told = [Cover(PRIVATE, date(2019, 1, 1), None, "m-1"), Cover(other, date(2020, 1, 1), None, "m-2")]
    assert [one.ends_on for one in apart(told, date(2022, 5, 5))] == [date(2020, 1, 1), date(2022, 5, 6)]
