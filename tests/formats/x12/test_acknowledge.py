"""Every file that comes in is answered: TA1 for its envelope, 999 for its groups; acknowledgements never."""

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import sample

from . import samples as office

CLAIMS = x12.build_837p(office.claim_batch())
CLEAN = office.wrap(CLAIMS)
BOTH = office.wrap(CLAIMS, x12.build_837p(office.claim_batch(office.dependent_claim())))


def answer(data: bytes) -> x12.Acknowledged:
    (acknowledged,) = x12.acknowledge(data)
    return acknowledged


def group(data: bytes) -> x12.GroupAck:
    (ack,) = answer(data).groups
    return ack


def counts(ack: x12.GroupAck) -> tuple[str, int, int, int]:
    return ack.status, ack.included, ack.received, ack.accepted


def test_a_clean_file_is_taken() -> None:
    assert answer(CLEAN).ta1 == x12.InterchangeAck("000000017", office.NOON, "A", "000")
    ack = group(CLEAN)
    assert counts(ack) == ("A", 1, 1, 1)
    assert (ack.group_code, ack.group_control, ack.guide) == ("HC", "17", "005010X222A1")
    assert ack.sets == (x12.SetAck("837", "0001", "005010X222A1", "A"),)


def test_a_set_in_error_is_not_taken_and_its_place_is_told() -> None:
    ack = group(CLEAN.replace(b"CLM*C0001*150.5*", b"CLM*C0001*FREE*"))
    assert counts(ack) == ("R", 1, 1, 0)
    (one,) = ack.sets
    assert (one.status, one.error_codes, one.taken) == ("R", ("5",), False)
    (error,) = one.errors
    assert (error.segment, error.position, error.code) == ("CLM", 19, "8")
    assert error.elements == (x12.ElementError(2, "6", "FREE"),)


def test_one_bad_set_leaves_the_others_taken() -> None:
    ack = group(BOTH.replace(b"CLM*C0002*150.5*", b"CLM*C0002*FREE*"))
    assert counts(ack) == ("P", 2, 2, 1)
    assert [one.status for one in ack.sets] == ["A", "R"]


def test_an_impossible_day_is_told_as_such() -> None:
    dated = office.claim(dates=(x12.Dates("431", office.SERVED),))
    data = office.wrap(x12.build_837p(office.claim_batch(dated))).replace(
        b"DTP*431*D8*20260302", b"DTP*431*D8*20261302"
    )
    ack = group(data)
    assert counts(ack) == ("R", 1, 1, 0)
    assert ack.sets[0].errors[0].elements == (x12.ElementError(3, "8", "20261302"),)


def test_a_group_of_another_name_is_taken_with_errors() -> None:
    ack = group(CLEAN.replace(b"GS*HC*", b"GS*HP*"))
    assert counts(ack) == ("E", 1, 1, 1)
    assert ack.sets[0].error_codes == ("1",)


@pytest.mark.parametrize(
    ("good", "bad", "segment", "code", "element"),
    [
        (b"PRV*BI*PXC*207Q00000X~", b"", None, "", None),  # a situational segment may be away
        (b"SBR*P*18*", b"SBR*P*18*TOO~SBR*P*18*", "SBR", "5", None),
        (b"SE*", b"XYZ*1~SE*", "XYZ", "2", None),
        (b"HI*", b"HX*", "HX", "2", None),
        (b"*11:B:1*Y*A*Y*Y~", b"*11:B:1*Y*A*Y*Q~", "CLM", "8", "7"),
        (b"DTP*472*D8*20260302~", b"DTP*472*D8*2026030~", "DTP", "8", "8"),
    ],
)
def test_what_a_guide_requires_is_told_with_its_code(
    good: bytes, bad: bytes, segment: str | None, code: str, element: str | None
) -> None:
    assert good in CLEAN
    errors = group(CLEAN.replace(good, bad, 1)).sets[0].errors
    if segment is None:
        assert errors == ()
        return
    (error,) = errors
    assert (error.segment, error.code) == (segment, code)
    assert [one.code for one in error.elements] == ([element] if element else [])


def test_sums_and_codes_are_left_to_the_claim_acknowledgement() -> None:
    assert group(CLEAN.replace(b"CLM*C0001*150.5*", b"CLM*C0001*151.5*")).status == "A"


def test_a_wrong_count_of_segments_is_told() -> None:
    count = len(CLEAN.split(b"~")) - 5  # without ISA, GS, GE, IEA and what follows the last sign
    ack = group(CLEAN.replace(b"SE*%d*" % count, b"SE*%d*" % (count + 1)))
    assert ack.status == "R"
    assert ack.sets[0].error_codes == ("4",)


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [(b"GE*1*17~", b"GE*2*17~", "5"), (b"GE*1*17~", b"GE*1*71~", "4"), (b"GE*1*17~", b"", "3")],
)
def test_a_broken_group_is_not_taken(good: bytes, bad: bytes, code: str) -> None:
    ack = group(CLEAN.replace(good, bad))
    assert (ack.status, ack.accepted, ack.error_codes) == ("R", 0, (code,))


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        (b"IEA*1*000000017~", b"IEA*1*000000071~", "001"),
        (b"IEA*1*", b"IEA*3*", "021"),
        (b"IEA*1*000000017~", b"", "023"),
    ],
)
def test_a_broken_envelope_is_not_taken(good: bytes, bad: bytes, code: str) -> None:
    acknowledged = answer(CLEAN.replace(good, bad))
    assert acknowledged.ta1 == x12.InterchangeAck("000000017", office.NOON, "R", code)
    assert acknowledged.groups == ()


def test_an_envelope_without_a_date_is_taken_with_errors() -> None:
    acknowledged = answer(CLEAN.replace(b"*260309*1230*^", b"*269999*1230*^"))
    assert acknowledged.ta1 == x12.InterchangeAck("000000017", None, "E", "014")
    assert len(acknowledged.groups) == 1


def test_a_file_sent_twice_in_one_is_not_taken_twice() -> None:
    first, second = x12.acknowledge(CLEAN + CLEAN)
    assert (first.ta1.status, second.ta1.status, second.ta1.code) == ("A", "R", "025")


def test_sums_are_no_business_of_the_999() -> None:
    data = office.wrap(x12.build_837p(office.claim_batch(office.claim(charge=office.usd("1")))))
    assert group(data).status == "A"


def test_an_acknowledgement_is_never_acknowledged() -> None:
    nines = office.wrap(x12.build_999(office.group_ack()))
    ta1 = x12.render_interchange(
        sender=office.PAYER_BOX,
        receiver=office.OFFICE,
        control_number=5,
        at=office.NOON,
        acks=[x12.InterchangeAck("000000017", office.NOON, "A")],
    )
    for data in (nines, ta1):
        acknowledged = answer(data)
        assert (acknowledged.ta1, acknowledged.groups) == (None, ())


def test_a_remittance_without_st03_is_acknowledged_by_its_group() -> None:
    ack = group(office.wrap(x12.build_835(office.remittance())))
    assert ack.sets == (x12.SetAck("835", "0001", "005010X221A1", "A"),)


def test_the_answer_is_itself_a_sound_file() -> None:
    ack = group(BOTH.replace(b"CLM*C0002*150.5*", b"CLM*C0002*FREE*"))
    file = x12.parse(office.wrap(x12.build_999(ack)))
    assert file.documents[0].content == ack
    assert file.all_problems == ()


def contexts(ack: x12.GroupAck) -> list[list[tuple[str, str]]]:
    return [[(item.id, item[1]) for item in error.contexts] for one in ack.sets for error in one.errors]


def test_a_fault_names_the_claim_it_belongs_to() -> None:
    two = office.wrap(x12.build_837p(office.claim_batch(office.claim(), office.dependent_claim())))
    assert contexts(group(two.replace(b"CLM*C0002*150.5*", b"CLM*C0002*FREE*"))) == [[("CTX", "CLM01:C0002")]]
    assert contexts(group(two.replace(b"CLM*C0001*150.5*", b"CLM*C0001*FREE*"))) == [[("CTX", "CLM01:C0001")]]


def test_a_fault_of_a_line_names_its_claim() -> None:
    data = sample("837P", count=3, seed=2, fault="not-a-number")
    assert contexts(group(data)) == [[("CTX", "CLM01:C000001")]]


def test_a_fault_above_the_claims_names_none() -> None:
    # the second insured stands behind the first claim, and is none of its business
    two = office.wrap(x12.build_837p(office.claim_batch(office.claim(), office.dependent_claim())))
    faulty = two.replace(b"PAT*19~", b"")
    assert [error.segment for error in group(faulty).sets[0].errors] == ["PAT"]
    assert contexts(group(faulty)) == [[]]


def test_a_fault_of_a_question_names_its_number() -> None:
    data = sample("276", count=2)
    trace = data.split(b"TRN*1*")[2].split(b"~")[0].decode()
    first, dated, rest = data.rpartition(b"DTP*472*")
    faulty = first + dated + b"D8*20269999~" + rest.partition(b"~")[2]
    assert contexts(group(faulty)) == [[("CTX", f"TRN02:{trace}")]]


def test_a_context_is_written_and_read_back() -> None:
    data = sample("837P", count=3, seed=2, fault="not-a-number")
    ack = group(data)
    (document,) = x12.read(office.wrap(x12.build_999(ack)))
    assert document.content == ack
    assert list(check(office.wrap(x12.build_999(ack)))) == []
