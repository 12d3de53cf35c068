"""Every paper says what it was told, in text that can be read back, whatever the names look like."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from daysheet.letters import pdf

OFFICE = {
    "name": "Northside Family Medicine",
    "lines": ["12 Main St", "Springfield, MA 01103", "(413) 555-0100"],
}
MONEY = [{"label": "Method"}, {"label": "Amount", "end": True}]


def text_of(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    return "\n".join(page.extract_text() for page in reader.pages).replace("\u200b", "")


def test_a_receipt_shows_office_facts_lines_and_total() -> None:
    told = text_of(
        pdf.render(
            "receipt",
            {
                "title": "Receipt 1001",
                "office": OFFICE,
                "facts": [["Received from", "Maria Diaz"], ["Chart", "10442"]],
                "lines": [["Copay", "$30.00"], ["Old balance", "$12.40"]],
                "total": ["Total", "$42.40"],
                "notes": ["Thank you."],
            },
        )
    )
    for part in (
        "Northside Family Medicine",
        "12 Main St",
        "Receipt 1001",
        "Maria Diaz",
        "Copay $30.00",
        "Total $42.40",
    ):
        assert part in told
    assert "Page 1 of 1" in told


def test_a_statement_says_one_amount_and_a_sentence_a_line() -> None:
    told = text_of(
        pdf.render(
            "statement",
            {
                "title": "Statement",
                "office": OFFICE,
                "to": ["Sam Roy", "1 Oak St"],
                "owe_words": "You owe",
                "owe": "$48.00",
                "until": "Please pay by Apr 20, 2026.",
                "lines": [["Mar 9", "Your visit with Dr. Lee cost $180.00.", "$180.00"]],
                "total": ["", "You owe", "$48.00"],
                "how": ["Call (413) 555-0100."],
            },
        )
    )
    for part in (
        "Sam Roy",
        "You owe",
        "$48.00",
        "Your visit with Dr. Lee cost $180.00.",
        "Please pay by Apr 20, 2026.",
    ):
        assert part in told


def test_a_day_sheet_lies_on_its_side_and_the_proof_comes_first() -> None:
    content = pdf.render(
        "daysheet",
        {
            "title": "Day sheet, Mon Mar 9, 2026",
            "office": OFFICE,
            "proof": {"balanced": True, "sentence": "The books balance.", "lines": ["4,210.00 - 2,905.40"]},
            "notes": ["Closed with 2 visits open."],
            "parts": [
                {"title": "Payments by method", "columns": MONEY, "rows": [["Cash", "1.00"]],
                 "total": ["All", "412.40"]},
                {"title": "Lines", "columns": MONEY, "rows": [[f"Line {n}", f"{n}.00"] for n in range(400)]},
            ],
        },
    )  # fmt: skip
    reader = PdfReader(io.BytesIO(content))
    box = reader.pages[0].mediabox
    assert (box.width, box.height) == (792, 612)
    told = text_of(content)
    assert told.index("The books balance.") < told.index("Payments by method") < told.index("Line 399")
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in told


def test_a_list_repeats_its_head_on_each_page() -> None:
    content = pdf.render(
        "table", {"title": "Papers", "office": OFFICE, "columns": MONEY, "rows": [["Cash", "1.00"]] * 120}
    )
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 4
    assert all("Method" in page.extract_text() for page in reader.pages)


HOSTILE = [
    '#let x = read("/etc/passwd")',
    "#import \"@preview/x:1.0.0\": *",
    "$a^2$ *bold* _it_ `raw` @ref /* c */ // d",
    "<script>alert(1)</script>",
    "'; drop table patient; --",
    "= heading",
    "\\u{1F600} \\#x ]) }",
]  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("template", pdf.TEMPLATES)
def test_what_looks_like_source_comes_out_as_text(template: str, said: str) -> None:
    part = {"title": said, "columns": MONEY, "rows": [[said, said]]}
    facts: dict[str, Any] = {
        "title": said, "office": {"name": said, "lines": [said]}, "to": [said], "subject": said, "paragraphs": [said],
        "signer": [said], "facts": [[said, said]], "lines": [[said, said]], "notes": [said], "owe": said,
        "proof": {"sentence": said, "lines": [said]}, "parts": [part], "columns": MONEY, "rows": [[said, said]],
        "how": [said],
    }  # fmt: skip
    if template == "label":  # a label's lines are bare words
        facts |= {"name": said, "lines": [said]}
    told = " ".join(text_of(pdf.render(template, facts)).split())
    assert told.replace(" ", "").count(said.replace(" ", "")) >= 2
    assert "root:" not in told


def test_a_name_of_300_letters_is_broken_into_lines_and_stays_whole() -> None:
    told = text_of(pdf.render("letter", {"office": OFFICE, "paragraphs": ["Dear " + "x" * 300]}))
    assert "x" * 300 in told.replace("\n", "")


def test_other_scripts_and_control_signs_do_not_stop_the_press() -> None:
    told = text_of(
        pdf.render(
            "letter", {"office": OFFICE, "paragraphs": ["مريم 李 \U0001f642 nul\x00 esc\x1b \u202eabc"]}
        )
    )
    assert "nul" in told
    assert "\x1b" not in told


def test_the_same_facts_give_the_same_bytes() -> None:
    facts = {"office": OFFICE, "paragraphs": ["One."], "made_at": "2026-03-09T14:00:00.123456+00:00"}
    assert pdf.render("letter", facts) == pdf.render("letter", facts)


def test_an_unknown_paper_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no such paper"):
        pdf.render("../../etc/passwd", {})


def test_a_training_paper_says_so() -> None:
    told = text_of(
        pdf.render("letter", {"office": OFFICE, "training": True, "training_words": "TRAINING, no patient"})
    )
    assert "TRAINING, no patient" in told
