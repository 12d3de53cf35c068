"""Codes and segments in our own words."""

import pytest

from daysheet.formats import x12

from . import samples as office


def words(data: bytes, segment_id: str) -> list[str]:
    return [line.plain_words for line in x12.outline(data) if line.segment_id == segment_id]


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("carc", "16", "Information missing"),
        ("carc", "1", "Deductible"),
        ("eb", "B", "Copay"),
        ("pos", "10", "Telehealth in the patient's home"),
        ("aaa", "75", "Member not found"),
        ("carc", "9999", None),
        ("nothing", "1", None),
        ("../secrets", "1", None),
    ],
)
def test_a_code_has_our_words_or_none(name: str, code: str, said: str | None) -> None:
    assert x12.label(name, code) == said


def test_every_table_holds_one_line_a_code() -> None:
    for name in x12.label_sets():
        table = x12.labels(name)
        assert table, name
        for code, said in table.items():
            assert code == code.strip().upper(), (name, code)
            assert said == said.strip(), (name, code)
            assert 0 < len(said) <= 80, (name, code)


def test_a_remittance_reads_like_a_statement() -> None:
    data = office.wrap(x12.build_835(office.remittance()))
    assert words(data, "CLP") == ["Claim payment: Processed as primary, C0001, charge $150.5, paid $95"]
    assert words(data, "CAS")[1] == "Adjustment: The patient pays: PR-3 Copay $25"
    assert words(data, "BPR") == ["Payment: Check, $95, 2026-03-16"]
    assert words(data, "DTM")[1:2] == ["Date: Received, 2026-03-02"]


def test_an_answer_reads_like_a_benefit_sheet() -> None:
    data = office.wrap(x12.build_271(x12.AnswerBatch("V0001", office.NOON, (office.answer(),))))
    assert words(data, "EB") == [
        "Benefit: Active, Individual, Health plan as a whole",
        "Benefit: Copay, Individual, Office visit, Visit, In network, $25",
        "Benefit: Deductible, Individual, Health plan as a whole, Remaining, In network, $310.5",
        "Benefit: Coinsurance, Individual, Health plan as a whole, In and out of network, 20 %",
    ]


def test_a_claim_acknowledgement_says_what_to_do() -> None:
    data = office.wrap(x12.build_277ca(office.status_report()))
    assert words(data, "STC")[-1] == "Status: Accepted for processing, Accepted for processing"
    rejected = x12.Status("A7", "21")
    assert rejected.rejected
    assert rejected.next_action == "Correct what is wrong and send the claim again as new."
    assert x12.Status("A1", "19", action="WQ").proves_filing
    assert x12.Status("A4", "35", action="U").next_action == "Fix the claim and send it again as new."


def test_loops_are_named_as_the_guide_names_them() -> None:
    lines = x12.outline(office.wrap(x12.build_837p(office.claim_batch(office.secondary_claim()))))
    seen = list(dict.fromkeys(line.loop for line in lines if line.loop))
    assert seen == [
        "1000A", "1000B", "2000A", "2010AA", "2000B", "2010BA", "2010BB", "2300", "2310B", "2320", "2330A", "2330B",
        "2400", "2430",
    ]  # fmt: skip


def test_a_fault_stands_beside_its_segment() -> None:
    data = office.wrap(x12.build_837p(office.claim_batch())).replace(b"CLM*C0001*150.5*", b"CLM*C0001*FREE*")
    (line,) = [line for line in x12.outline(data) if any(problem.snip == 2 for problem in line.problems)]
    assert line.segment_text.startswith("CLM*C0001*FREE*")
    assert line.problems[0].message == "This is not an amount that can be used."
