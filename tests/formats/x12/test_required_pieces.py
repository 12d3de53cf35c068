"""What a guide requires and a file lacks is one problem, at its place; the rest stays usable (SNIP 2)."""

import pytest

from daysheet.formats import x12

from . import samples as office

FILES = {
    "837P": office.wrap(x12.build_837p(office.claim_batch(office.dependent_claim()))),
    "835": office.wrap(x12.build_835(office.remittance())),
    "271": office.wrap(x12.build_271(x12.AnswerBatch("V0001", office.NOON, (office.answer(),)))),
    "277CA": office.wrap(x12.build_277ca(office.status_report())),
    "999": office.wrap(x12.build_999(office.group_ack())),
}


def lacking(data: bytes, start: str) -> bytes:
    """Return the file without the first segment that starts so, its count put right."""
    lines = data.decode().split("~")
    at = next(at for at, line in enumerate(lines) if line.startswith(start))
    del lines[at]
    se = next(at for at, line in enumerate(lines) if line.startswith("SE*"))
    _, count, number = lines[se].split("*")
    lines[se] = f"SE*{int(count) - 1}*{number}"
    return "~".join(lines).encode()


@pytest.mark.parametrize(
    ("name", "lost", "code"),
    [
        ("837P", "BHT*", "claim.bht-missing"),
        ("837P", "NM1*41*", "claim.submitter-missing"),
        ("837P", "NM1*40*", "claim.receiver-missing"),
        ("837P", "SBR*", "claim.plan-missing"),
        ("837P", "NM1*PR*", "claim.payer-missing"),
        ("837P", "PAT*", "claim.relationship-missing"),
        ("837P", "HI*", "claim.diagnosis-missing"),
        ("837P", "DTP*472*", "claim.date-missing"),
        ("835", "TRN*", "remittance.trn-missing"),
        ("835", "N1*PR*", "remittance.payer-missing"),
        ("835", "N1*PE*", "remittance.payee-missing"),
        ("835", "NM1*QC*", "remittance.patient-missing"),
        ("271", "NM1*IL*", "eligibility.party-missing"),
        ("277CA", "NM1*41*", "status.party-missing"),
        ("277CA", "TRN*2*C0001", "status.claim-missing"),
        ("999", "IK5*", "ack.status-missing"),
        ("999", "AK9*", "ack.group-missing"),
    ],
)
def test_a_lost_piece_is_one_problem(name: str, lost: str, code: str) -> None:
    (document,) = x12.read(lacking(FILES[name], lost))
    assert [problem.code for problem in document.problems] == [code]
    assert document.problems[0].snip == 2
    assert document.content is not None


def test_every_clean_file_has_no_problem() -> None:
    for data in FILES.values():
        assert x12.parse(data).all_problems == ()


@pytest.mark.parametrize(
    ("good", "bad", "code", "place"),
    [
        ("BPR*I*95*", "BPR*I**", "element.missing", "BPR02, segment 2"),
        ("*20260316~TRN", "*20261399~TRN", "element.date", "BPR16, segment 2"),
        ("CLP*C0001*1*", "CLP*C0001**", "element.missing", "2100 CLP02, segment 11"),
        ("CLP*C0001*", "CLP**", "remittance.claim-missing", "2100 CLP01, segment 11"),
    ],
)
def test_a_spoilt_element_is_named_by_its_place(good: str, bad: str, code: str, place: str) -> None:
    data = FILES["835"].replace(good.encode(), bad.encode())
    (document,) = x12.read(data)
    problem = document.problems[0]
    assert (problem.code, problem.place) == (code, place)


def test_a_pointer_to_nothing_is_a_problem_of_its_line() -> None:
    data = FILES["837P"].replace(b"*2:1~", b"*13:1~")
    (document,) = x12.read(data)
    assert [(problem.code, problem.place) for problem in document.problems] == [
        ("claim.pointer-wrong", "2400 SV107, segment 34")
    ]
    assert document.content.claims[0].lines[1].pointers == (1,)
