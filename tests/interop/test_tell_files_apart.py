"""A file is what it holds, whatever its name."""

import orjson
import pytest

from daysheet.interop.rules.kinds import Unreadable, bundle_of, looks_like_json, table_of
from tests.interop import papers


def reason(content: bytes) -> str:
    with pytest.raises(Unreadable) as no:
        bundle_of(content) if looks_like_json(content) else table_of(content)
    return str(no.value)


def test_a_bundle_is_known_by_its_content() -> None:
    assert looks_like_json(b"\xef\xbb\xbf \n{")
    assert bundle_of(b"\xef\xbb\xbf" + orjson.dumps(papers.whole()))["type"] == "transaction"


@pytest.mark.parametrize("kind", papers.CSV)
def test_a_table_is_known_by_its_columns(kind: str) -> None:
    found = table_of(papers.CSV[kind].encode())
    assert (found.kind, found.spoilt) == (kind, [])


def test_allergies_with_the_columns_of_conditions_are_told_by_their_words() -> None:
    rows = "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION\n2001-01-01,,c-1,v-1,419474003,Allergy to mould\n"
    assert table_of(rows.encode()).kind == "allergies"


def test_real_facilities_are_known_and_left_unread() -> None:
    found = table_of(b"provider_num,npi,name\n1,2,A REAL CLINIC\n")
    assert (found.kind, found.rows) == ("facilities", [])


def test_each_foreign_or_spoilt_file_has_its_reason() -> None:
    cut = orjson.dumps(papers.whole())[:-200]
    assert reason(cut) == f"The file is cut off at character {len(cut)}."
    assert reason(b'{"a": nonsense}') == "The file is damaged at character 6: no JSON."
    assert reason(b'{"resourceType": "Patient"}') == "The file is JSON, but no FHIR bundle."
    assert reason(b"[1, 2]") == "The file is JSON, but no FHIR bundle."
    assert reason(orjson.dumps(papers.bundle(papers.patient(), kind="searchset"))) == (
        "The bundle is no transaction, batch or collection."
    )
    assert reason(orjson.dumps(papers.bundle(papers.practitioner()))) == "The bundle holds no patient."
    assert reason(b"%PDF-1.7\x00\xff\xfe") == "The file is neither a FHIR bundle nor a table of text."
    assert reason(b"name,colour\nx,red\n") == "The file is no FHIR bundle and no table of the Synthea set."


def test_deep_nesting_is_damage_and_no_crash() -> None:
    assert "damaged" in reason(b'{"a":' * 5000 + b"1" + b"}" * 5000)


def test_a_cut_off_table_keeps_its_whole_lines() -> None:
    cut = papers.CSV["claim_lines"][:-12]
    found = table_of(cut.encode())
    assert (len(found.rows), found.spoilt) == (6, [8])
