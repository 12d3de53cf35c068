"""What only follows from a fault is not told beside it: the biller mends one thing for each line of the list."""

import pytest

from daysheet.formats.x12.check import check

from .clean import wire

LINE2 = "SV1*HC:X0030:QW*80*UN*2*12**2"
OTHER, MINUTES = "SBR*P*18*OTHER1******CI", "SV1*HC:X0100:AA*120*MJ*45***1"
PAYEE = "N1*PE*NORTHSIDE FAMILY MEDICINE*XX*1999990009"
SVD = "SVD*GRMU1*100*HC:X0020**1"


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        # a number that is none is in no sum
        ("837P", (LINE2, LINE2.replace("*80*", "*FREE*")), "element.number SV1 2"),
        ("837P", (LINE2, LINE2.replace("*80*", "**")), "element.missing SV1 2"),
        ("837P", ("CLM*C0002*150*", "CLM*C0002*FREE*"), "element.number CLM 2"),
        ("837P", (SVD, SVD.replace("*100*", "*A*")), "element.number SVD 2"),
        ("837P", ("CAS*CO*45*50", "CAS*CO*45*FIFTY"), "element.number CAS 3"),
        ("835", ("SVC*HC:X0020:25*200*160", "SVC*HC:X0020:25*200*FREE"), "element.number SVC 3"),
        ("835", ("CLP*C0001*1*300*250*10*", "CLP*C0001*1*300*FREE*10*"), "element.number CLP 4"),
        ("835", ("BPR*I*330*", "BPR*I*FREE*"), "element.number BPR 2"),
        # sums that rest on each other
        ("837P", ("CLM*C0002*150*", "CLM*C0002*151*"), "balance.claim CLM 2"),
        ("835", ("CAS*PR*3*10\n", ""), "balance.service SVC 3"),
        # a segment that does not say which one it is, is not missed as well
        ("837P", ("DTP*472*D8*20260305", "DTP*QQ*D8*20260305"), "element.value DTP 1"),
        ("837P", ("REF*6R*L0002", "REF*QQ*L0002"), "element.value REF 1"),
        ("837P", ("REF*F8*PAYER77", "REF*QQ*PAYER77"), "element.value REF 1"),
        ("837P", ("NM1*PR*2*BLUE PPO*****PI*BLUE1\nCLM", "NM1*QQ*2*BLUE PPO*****PI*BLUE1\nCLM"), "element.value NM1 1"),
        ("837I", ("DTP*435*DT*", "DTP*QQ*DT*"), "element.value DTP 1"),
        ("837I", ("NM1*71*", "NM1*QQ*"), "segment.unexpected NM1 0"),
        ("837D", ("DTP*472*D8*20260305", "DTP*QQ*D8*20260305"), "element.value DTP 1"),
        # one place, one word
        ("837P", ("SPRINGFIELD*MA*011040002", "SPRINGFIELD*MASSACHUSETTS*011040002"), "element.long N4 2"),
        ("837P", ("HI*ABK:J069\nSBR", "HI*QQ:J069\nSBR"), "codes.diagnosis-kind HI 1"),
        ("837P", (LINE2, LINE2.replace("X0030", "")), "codes.procedure-missing SV1 1"),
        ("837P", ("HL*2*1*22*0", "HL*B*1*22*0"), "element.number HL 1"),
        # a plan without its number
        ("837P", ("AMT*D*90\n", ""), "cob.paid-amount-missing SBR 1"),
        # twice, word for word
        ("835", ("N1*PE*NORTHSIDE", f"{PAYEE}\nN1*PE*NORTHSIDE"), "segment.too-many N1 0"),
        ("835", ("SVC*HC:X0031*100", "SVC*HC:X0031*100*90**1*HC:X0030\nSVC*HC:X0031*100"), "segment.too-many SVC 0"),
        # what a broken value leads to
        ("837P", (OTHER, OTHER.replace("*P*", "*QQ*")), "element.value SBR 1"),
        ("837P", (MINUTES, MINUTES.replace("AA", "AAA")), "modifiers.shape SV1 1"),
        ("837P", ("LEE*JUNE****XX*1999990025", "LEE*JUNE****XX"), "identity.half-number NM1 9"),
        # a benefit
        ("271", ("EB*A**98*****.2", "EB*A**98*****HALF"), "element.number EB 8"),
        ("271", ("EB*B**98***27*30", "EB*B*QQ*98***27*30"), "element.value EB 2"),
    ],
)  # fmt: skip
def test_one_fault_brings_one_finding(kind: str, change: tuple[str, str], expected: str) -> None:
    found = [f"{one.code} {one.segment} {one.element}" for one in check(wire(kind, change))]
    assert found == [expected]


def test_two_faults_bring_two() -> None:
    both = wire("837P", (LINE2, LINE2.replace("*80*", "*FREE*").replace("X0030", "X00 0")))
    assert [one.code for one in check(both)] == ["codes.procedure", "element.number"]


def test_a_sum_is_judged_when_the_structure_is_not_asked_for() -> None:
    spoilt = wire("837P", (LINE2, LINE2.replace("*80*", "*FREE*")))
    assert [one.code for one in check(spoilt, levels=[3])] == ["balance.claim"]


def test_a_hospital_says_causes_by_occurrences() -> None:
    accident = wire("837I", ("GR100******CI", "GR100******WC"), ("HI*BG:09", "HI*BG:02"))
    assert list(check(accident)) == []
