"""A builder refuses what the guide forbids, in a sentence, and cleans the text it writes."""

from dataclasses import replace

import pytest

from daysheet.formats import x12

from . import samples as office


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"claim_id": ""}, "The claim number"),
        ({"claim_id": "X" * 21}, "more than 20 signs"),
        ({"lines": ()}, "at least one line"),
        ({"diagnoses": ()}, "one to twelve diagnoses"),
        ({"diagnoses": ("E119",) * 13}, "one to twelve diagnoses"),
        ({"diagnoses": ("E119",)}, "points to a diagnosis that the claim does not name"),
        ({"frequency": "7"}, "belongs to a replacement or void"),
        ({"original_claim": "P900"}, "belongs to a replacement or void"),
        ({"charge": office.usd("1.005")}, "fraction of a cent"),
        ({"billing": replace(office.CLINIC, references=())}, "tax number"),
        ({"billing": replace(office.CLINIC, address=None)}, "no address"),
        ({"subscriber": x12.Subscriber(replace(office.MS_DIAZ, born_on=None))}, "birth date"),
        ({"subscriber": x12.Subscriber(office.MS_DIAZ, relationship="")}, "says 18"),
        ({"patient": office.LEO, "patient_relationship": "19"}, "carries no relationship"),
        ({"payer": x12.Party("BLUE PPO")}, "The id of the payer"),
        ({"lines": (office.line(control=""),)}, "control number of line 1"),
        ({"lines": (office.line(served_on=None),)}, "no date of service"),
        ({"lines": (office.line(pointers=(1, 2, 1, 2, 1)),)}, "one to four diagnoses"),
        (
            {"lines": (office.line(procedure=x12.Procedure("X0020", ("A", "B", "C", "D", "E"))),)},
            "four modifiers",
        ),
    ],
)
def test_what_the_guide_forbids_is_refused(more: dict[str, object], sentence: str) -> None:
    with pytest.raises(x12.CannotBuild, match=sentence):
        x12.build_837p(office.claim_batch(office.claim(**more)))


def test_text_is_written_in_capitals_without_separators() -> None:
    named = replace(office.MS_DIAZ, name="O'Núñez*~:^ of  Spain", first="josé")
    data = office.wrap(x12.build_837p(office.claim_batch(office.claim(subscriber=x12.Subscriber(named)))))
    assert b"NM1*IL*1*O'NUNEZ OF SPAIN*JOSE*L***MI*M100200~" in data
    assert data.isascii()


def test_neighbours_of_one_patient_share_their_levels() -> None:
    batch = office.claim_batch(office.claim(), office.claim(claim_id="C0009"), office.dependent_claim())
    data = office.wrap(x12.build_837p(batch))
    assert [line for line in data.decode().split("~") if line.startswith("HL")] == [
        "HL*1**20*1",
        "HL*2*1*22*0",
        "HL*3*1*22*1",
        "HL*4*3*23*0",
    ]


def test_six_adjustments_of_one_group_share_a_segment() -> None:
    many = tuple(office.adjusted("CO", str(number), "1") for number in range(1, 9))
    claim = office.payment(adjustments=many, services=())
    data = office.wrap(x12.build_835(office.remittance(claims=(claim,))))
    written = [line for line in data.decode().split("~") if line.startswith("CAS")]
    assert written == ["CAS*CO*1*1**2*1**3*1**4*1**5*1**6*1", "CAS*CO*7*1**8*1"]


def test_the_service_types_of_an_inquiry_share_a_segment() -> None:
    batch = x12.InquiryBatch("V0001", office.NOON, (office.inquiry(service_types=("30", "98")),))
    assert b"~EQ*30^98~" in office.wrap(x12.build_270(batch))


def test_records_are_values() -> None:
    assert office.claim() == office.claim()
    assert hash(office.claim()) == hash(office.claim())
    assert office.claim() != office.claim(place="12")
    assert "claim_id='C0001'" in repr(office.claim())
