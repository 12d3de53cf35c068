"""Claims of hospitals and dentists (837I, 837D): what is written is read again, what the guide forbids is refused."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.formats import x12
from daysheet.formats.x12.check import check

from . import samples as office
from .test_required_pieces import lacking
from .test_round_trip import (
    LONG,
    back,
    charge,
    code,
    count,
    day,
    extra,
    instant,
    maybe,
    patient,
    procedure,
    provider,
    reference,
    several,
    text,
    unspecialized,
)

BUILD = {"837I": x12.build_837i, "837D": x12.build_837d}


def hospital_line(number: int = 1, amount: str = "100", **more: object) -> x12.HospitalLine:
    fields: dict[str, object] = {
        "procedure": None, "units": Decimal(2), "unit": "DA", "served_on": None, "control": f"L{number}",
        "revenue_code": "0120",
    }  # fmt: skip
    return x12.HospitalLine(number=number, charge=Decimal(amount), **(fields | more))


def stay(**more: object) -> x12.InstitutionalClaim:
    fields: dict[str, object] = {
        "claim_id": "H0001", "charge": Decimal("150.5"), "billing": office.CLINIC,
        "subscriber": x12.Subscriber(office.MS_DIAZ), "payer": office.BLUE,
        "lines": (
            hospital_line(1),
            hospital_line(
                2, "50.5", revenue_code="0300", procedure=x12.Procedure("X0070"), unit="UN", units=Decimal(1),
                served_on=office.SERVED,
            ),
        ),
        "statement_from": date(2026, 3, 1), "statement_to": date(2026, 3, 3), "admitted_on": date(2026, 3, 1),
        "admission_hour": "0915", "discharge_hour": "1100", "admission_type": "1", "admission_source": "7",
        "patient_status": "01", "principal": x12.Diagnosis("E119", "Y"), "admitting": "E119",
        "diagnoses": (x12.Diagnosis("I10", "N"),), "attending": office.DR_LEE,
        "values": (x12.ValueCode("80", Decimal(2)),), "conditions": ("18",),
        "occurrences": (x12.Occurrence("11", date(2026, 2, 27)),),
        "spans": (x12.Occurrence("72", date(2026, 3, 1), date(2026, 3, 2)),),
        "procedures": (x12.HospitalProcedure("0DTJ4ZZ", date(2026, 3, 2)),),
    }  # fmt: skip
    return x12.InstitutionalClaim(**(fields | more))


def dental_line(number: int = 1, amount: str = "100", **more: object) -> x12.DentalLine:
    fields: dict[str, object] = {
        "procedure": x12.Procedure("D0000", qualifier="AD"), "units": Decimal(1), "served_on": None,
        "control": f"L{number}",
    }  # fmt: skip
    return x12.DentalLine(number=number, charge=Decimal(amount), **(fields | more))


def filling(**more: object) -> x12.DentalClaim:
    fields: dict[str, object] = {
        "claim_id": "T0001", "charge": Decimal("150.5"), "billing": office.CLINIC,
        "subscriber": x12.Subscriber(office.MS_DIAZ), "payer": office.BLUE,
        "lines": (
            dental_line(1, teeth=(x12.Tooth("3", ("M", "O")), x12.Tooth("4"))),
            dental_line(2, "50.5", areas=("10", "20")),
        ),
        "served_on": office.SERVED, "rendering": office.DR_LEE,
        "tooth_status": (x12.ToothStatus("8", "M"),),
    }  # fmt: skip
    return x12.DentalClaim(**(fields | more))


def batch(*claims: x12.Claim) -> x12.ClaimBatch:
    return x12.ClaimBatch("B0001", office.NOON, office.SUBMITTER, office.RECEIVER, claims)


def second_plan(claim: x12.Claim) -> x12.Claim:
    """The claim to a second payer: the first paid it all but ten dollars, which the patient owes."""
    done = [
        x12.LineAdjudication(
            "FIRST1", line.charge - 10, line.procedure or x12.Procedure("X0001"), Decimal(1),
            (office.adjusted("PR", "1", "10"),), date(2026, 3, 8),
        )
        for line in claim.lines
    ]  # fmt: skip
    other = x12.OtherPayer(
        x12.Party("FIRST HEALTH", id_qualifier="PI", id="FIRST1"),
        replace(office.MS_DIAZ, born_on=None, gender=""), "P", "18",
        filing_code="CI", paid=claim.charge - 20, remaining=Decimal(20), mia=("1", "", "", "", "MA18"),
    )  # fmt: skip
    lines = tuple(replace(line, adjudications=(one,)) for line, one in zip(claim.lines, done, strict=True))
    return replace(claim, lines=lines, other_payers=(other,), subscriber=replace(claim.subscriber, rank="S"))


WHOLE = {
    "837I": (stay(), second_plan(stay(claim_id="H0002"))),
    "837D": (filling(), second_plan(filling(claim_id="T0002"))),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_claims_read_as_they_were_written(kind: str) -> None:
    whole = batch(*WHOLE[kind])
    document = back(BUILD[kind](whole))
    assert document.content == whole
    assert document.kind == kind


@pytest.mark.parametrize("kind", WHOLE)
def test_a_written_file_has_nothing_to_find(kind: str) -> None:
    plain = WHOLE[kind][0]
    assert [item.code for item in check(office.wrap(BUILD[kind](batch(plain))), levels=(1, 2, 3))] == []


@pytest.mark.parametrize("kind", WHOLE)
def test_claims_are_streamed_one_by_one(kind: str) -> None:
    data = office.wrap(BUILD[kind](batch(*WHOLE[kind])))
    assert tuple(one for _, one in x12.stream(data)) == WHOLE[kind]


diagnosis = st.builds(x12.Diagnosis, code, st.sampled_from(["", "Y", "N"]))
hospital = st.builds(
    hospital_line, st.integers(1, 99), charge.map(str), procedure=st.none() | procedure, units=count,
    served_on=st.none() | day, non_covered=st.none() | charge, references=several(reference),
    prior_authorization=maybe, rendering=st.none() | unspecialized, extras=extra.map(lambda _: ()),
    drug=st.none() | st.builds(x12.Drug, code, count, st.just("ML")),
)  # fmt: skip
stays = st.builds(
    stay, claim_id=code, charge=charge, lines=several(hospital, 3, 1), principal=diagnosis, admitting=maybe,
    reasons=several(code, 3), causes=several(diagnosis, 12), drg=maybe, diagnoses=several(diagnosis, 24),
    procedures=several(st.builds(x12.HospitalProcedure, code, st.none() | day), 25),
    spans=several(st.builds(x12.Occurrence, code, day, day), 13),
    occurrences=several(st.builds(x12.Occurrence, code, day), 13),
    values=several(st.builds(x12.ValueCode, code, charge), 13), conditions=several(code, 13),
    treatments=several(code, 13), patient_estimate=st.none() | charge, admission_hour=st.sampled_from(["", "0915"]),
    discharge_hour=st.sampled_from(["", "1200"]), prior_authorization=maybe, referral=maybe, trace=maybe,
    references=several(reference), attending=st.none() | provider, operating=st.none() | unspecialized,
    other_operating=st.none() | unspecialized, rendering=st.none() | unspecialized,
    referring=st.none() | unspecialized, extras=extra,
    subscriber=st.builds(x12.Subscriber, patient, group_number=maybe, group_name=maybe),
    attachments=several(st.builds(x12.Attachment, st.just("OZ"), st.just("FX"), code), 2),
    notes=several(st.builds(x12.Note, st.just("ADD"), text), 1),
)  # fmt: skip
teeth = several(st.builds(x12.Tooth, code, several(st.sampled_from("MODBL"), 5)), 32)
dentist = st.builds(
    dental_line, st.integers(1, 99), charge.map(str), units=count, served_on=st.none() | day,
    procedure=st.builds(x12.Procedure, code, several(st.sampled_from(["X1", "X2"]), 4), st.just("AD"), maybe),
    place=st.sampled_from(["", "11"]), areas=several(st.sampled_from(["10", "20"]), 5), teeth=teeth,
    prosthesis=st.sampled_from(["", "I", "R"]), pointers=several(st.integers(1, 2), 4),
    references=several(reference), rendering=st.none() | provider, extras=extra,
)  # fmt: skip
fillings = st.builds(
    filling, claim_id=code, charge=charge, lines=several(dentist, 3, 1), diagnoses=several(code, 4, 2),
    orthodontics=st.none() | st.builds(x12.Orthodontics, st.none() | count, count, maybe),
    tooth_status=several(st.builds(x12.ToothStatus, code, st.sampled_from("ME")), 35),
    related_causes=several(st.sampled_from(["AA", "OA"]), 2), patient_paid=st.none() | charge,
    predetermination=maybe, prior_authorization=maybe, referral=maybe, trace=maybe, references=several(reference),
    rendering=st.none() | provider, assistant=st.none() | provider, referring=st.none() | provider,
    supervising=st.none() | unspecialized, extras=extra,
)  # fmt: skip


@LONG
@given(several(stays, 3, 1), code, instant)
def test_any_stay_comes_back(claims: tuple, number: str, at: datetime) -> None:
    whole = x12.ClaimBatch(number, at, office.SUBMITTER, office.RECEIVER, claims)
    assert next(iter(x12.read(office.wrap(x12.build_837i(whole))))).content == whole


@LONG
@given(several(fillings, 3, 1), code, instant)
def test_any_treatment_comes_back(claims: tuple, number: str, at: datetime) -> None:
    whole = x12.ClaimBatch(number, at, office.SUBMITTER, office.RECEIVER, claims)
    assert next(iter(x12.read(office.wrap(x12.build_837d(whole))))).content == whole


@pytest.mark.parametrize(
    ("kind", "lost", "found"),
    [
        ("837I", "SV2*", "claim.service-missing"),
        ("837I", "DTP*434*", "claim.statement-missing"),
        ("837D", "SV3*", "claim.service-missing"),
        ("837D", "DTP*472*", "claim.date-missing"),
        ("837D", "NM1*PR*", "claim.payer-missing"),
    ],
)
def test_a_lost_piece_is_one_problem(kind: str, lost: str, found: str) -> None:
    (document,) = x12.read(lacking(office.wrap(BUILD[kind](batch(WHOLE[kind][0]))), lost))
    codes = [problem.code for problem in document.problems if problem.snip < 3]
    assert codes == [found]


@pytest.mark.parametrize(
    ("claim", "place"),
    [
        (stay(principal=None), "2300 HI ABK"),
        (stay(statement_to=None), "2300 DTP 434"),
        (stay(patient_status=""), "2300 CL103"),
        (stay(bill_type="1"), "2300 CLM05-1"),
        (stay(admitted_on=None), "2300 DTP 435"),
        (stay(reasons=("R1", "R2", "R3", "R4")), "APR"),
        (stay(occurrences=(x12.Occurrence("11", None),)), "2300 HI BH"),
        (stay(spans=(x12.Occurrence("72", date(2026, 3, 1)),)), "2300 HI BI"),
        (stay(lines=(hospital_line(revenue_code=""),)), "2400 SV201"),
        (stay(lines=()), "2400"),
        (stay(frequency="7"), "2300 REF F8"),
        (filling(diagnoses=("K021",) * 5), "2300 HI"),
        (filling(served_on=None), "2300 DTP 472"),
        (filling(is_predetermination=True), "2300 DTP 472"),
        (filling(lines=(dental_line(areas=("10",) * 6),)), "2400 SV304"),
        (filling(lines=(dental_line(pointers=(1,)),)), "2400 SV107"),
        (filling(lines=(dental_line(control=""),)), "2400 REF 6R"),
        (filling(original_claim="P1"), "2300 REF F8"),
    ],
)
def test_what_the_guide_forbids_is_refused_with_its_place(claim: x12.Claim, place: str) -> None:
    kind = "837I" if isinstance(claim, x12.InstitutionalClaim) else "837D"
    with pytest.raises(x12.CannotBuild, match=place):
        BUILD[kind](batch(claim))


def test_codes_that_have_no_field_are_kept_as_they_stand() -> None:
    data = office.wrap(x12.build_837i(batch(stay())))
    odd = data.replace(b"HI*ABK:E119:::::::Y~", b"HI*BK:25000~")
    (document,) = x12.read(odd)
    claim = document.content.claims[0]
    assert claim.principal is None
    assert [item.text() for item in claim.extras if item.id == "HI"] == ["HI*BK:25000"]


def test_sums_of_a_stay_are_balanced() -> None:
    found = x12.balance_claim(stay(charge=Decimal(151)))
    assert [(item.level, item.difference) for item in found] == [("claim", Decimal("0.5"))]


@pytest.mark.parametrize("kind", WHOLE)
def test_the_samples_are_read_whole(kind: str) -> None:
    from daysheet.formats.x12.sample import sample

    (document,) = x12.read(sample(kind, count=20))
    assert document.problems == ()
    kept = Counter(item.id for claim in document.content.claims for item in claim.extras)
    assert kept == {}
