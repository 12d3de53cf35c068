"""Independent readers accept what we write: pyx12, x12sdk and oxedi."""

import io
import logging
import warnings
from pathlib import Path

import pytest

from daysheet.formats import x12
from daysheet.formats.x12.check import check
from daysheet.formats.x12.sample import sample

from . import samples as office
from .clean import wire

pytestmark = pytest.mark.oracle
CORPUS = Path(__file__).resolve().parents[4] / "shared" / "data" / "x12"

FULL_CLAIM = office.claim(
    patient_paid=office.usd("25"),
    prior_authorization="AUTH1",
    referral="REF1",
    trace="TRACE1",
    dates=(x12.Dates("431", office.SERVED),),
    notes=(x12.Note("ADD", "SEEN AT NOON"),),
    diagnoses=(
        "E119",
        "I10",
        "J45909",
        "M545",
        "R51",
        "Z0000",
        "E785",
        "K219",
        "F411",
        "N390",
        "R05",
        "R079",
    ),
    facility=x12.Party("LEE ANNEX", id_qualifier="XX", id="1497758544", address=office.HOME),
)
VOID = office.claim(frequency="8", original_claim="P900")
REPLACED = office.claim(frequency="7", original_claim="P900")
CLAIMS = {
    "a subscriber": office.claim(),
    "a dependent": office.dependent_claim(),
    "everything": FULL_CLAIM,
    "a void": VOID,
    "a replacement": REPLACED,
    "a second payer": office.secondary_claim(),
}
TAKEN_BACK = x12.ProviderAdjustment("1234567893", office.SERVED, "WO", "C0000", office.usd("30"))
DENIED = office.payment(
    claim_id="C0002",
    status="4",
    charge=office.usd("80"),
    paid=office.usd("0"),
    patient_responsibility=office.usd("0"),
    services=(office.service("80", "0", office.adjusted("CO", "16", "80"), remarks=("M76",)),),
    moa=x12.moa("MA130"),
)
REMITTANCES = {
    "one claim": office.remittance(),
    "paid, denied, taken back": office.remittance(
        claims=(office.payment(), DENIED), provider_adjustments=(TAKEN_BACK,), amount=office.usd("65")
    ),
    "nothing paid": office.remittance(claims=(DENIED,), amount=office.usd("0"), method="NON", handling="H"),
}
REFUSED = office.group_ack(
    status="R",
    accepted=0,
    sets=(
        x12.SetAck(
            "837",
            "0001",
            "005010X222A1",
            "R",
            ("5",),
            (
                x12.SegmentError(
                    "CLM", 20, "2300", "8", (x12.ElementError(2, "6", "FREE", data_element="782"),)
                ),
            ),
        ),
    ),
)


@pytest.fixture
def pyx12_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    document = pytest.importorskip("pyx12.x12n_document")
    params = pytest.importorskip("pyx12.params")
    monkeypatch.setattr(logging.root, "manager", logging.root.manager)
    logging.disable(logging.CRITICAL)

    def says(body: x12.OutgoingSet | bytes) -> str:
        path = tmp_path / "ours.x12"
        path.write_bytes(body if isinstance(body, bytes) else office.wrap(body))
        answer = io.StringIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sound = document.x12n_document(params.params(), str(path), answer, None)
        return "" if sound else answer.getvalue() or "rejected without a word"

    yield says
    logging.disable(logging.NOTSET)


@pytest.fixture
def x12sdk_models(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sdk = pytest.importorskip("x12sdk.io")

    def models(body: x12.OutgoingSet | bytes) -> list[object]:
        path = tmp_path / "ours.x12"
        path.write_bytes(body if isinstance(body, bytes) else office.wrap(body))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with sdk.X12ModelReader(str(path)) as reader:
                return list(reader.models())

    return models


@pytest.mark.parametrize("name", CLAIMS)
def test_pyx12_accepts_our_claims(pyx12_says, name: str) -> None:
    assert pyx12_says(x12.build_837p(office.claim_batch(CLAIMS[name]))) == ""


@pytest.mark.parametrize("name", CLAIMS)
def test_x12sdk_accepts_our_claims(x12sdk_models, name: str) -> None:
    assert len(x12sdk_models(x12.build_837p(office.claim_batch(CLAIMS[name])))) == 1


@pytest.mark.parametrize("name", REMITTANCES)
def test_pyx12_accepts_our_remittances(pyx12_says, name: str) -> None:
    assert pyx12_says(x12.build_835(REMITTANCES[name])) == ""


@pytest.mark.parametrize("name", REMITTANCES)
def test_oxedi_finds_nothing_in_our_remittances(name: str) -> None:
    oxedi = pytest.importorskip("oxedi")
    result = oxedi.parse(office.wrap(x12.build_835(REMITTANCES[name])))
    assert [str(item) for item in result.diagnostics] == []
    assert result.sum_payments() == REMITTANCES[name].amount


def test_x12sdk_accepts_our_inquiries(x12sdk_models) -> None:
    asked = (
        office.inquiry(service_types=("30", "98")),
        office.inquiry(dependent=office.LEO, relationship="19"),
    )
    assert len(x12sdk_models(x12.build_270(x12.InquiryBatch("V0001", office.NOON, asked)))) == 1


def test_x12sdk_accepts_our_answers(x12sdk_models) -> None:
    inactive = office.answer(benefits=(x12.Benefit("6", "IND", ("30",)),))
    told = (office.answer(), inactive, office.answer(dependent=office.LEO, relationship="19"))
    assert len(x12sdk_models(x12.build_271(x12.AnswerBatch("V0001", office.NOON, told)))) == 1


@pytest.mark.parametrize("ack", [office.group_ack(), REFUSED], ids=["taken", "refused"])
def test_pyx12_accepts_our_acknowledgements(pyx12_says, ack: x12.GroupAck) -> None:
    assert pyx12_says(x12.build_999(ack)) == ""


@pytest.mark.parametrize("category", ["A0", "A1", "A2", "A3", "A6", "A7", "A8"])
def test_pyx12_accepts_our_claim_acknowledgements(pyx12_says, category: str) -> None:
    action = "U" if category in ("A3", "A6", "A7", "A8") else "WQ"
    status = x12.Status(category, "21", "PR", office.SERVED, action, office.usd("150.5"))
    provider = office.status_report().providers[0]
    claim = office.replace(provider.claims[0], statuses=(status,))
    report = office.status_report(providers=(office.replace(provider, claims=(claim,)),))
    assert pyx12_says(x12.build_277ca(report)) == ""


@pytest.mark.parametrize("kind", ["837P", "837I", "835", "277CA", "999", "834", "820"])
def test_pyx12_accepts_the_clean_files_that_our_rules_are_tried_on(pyx12_says, kind: str) -> None:
    assert pyx12_says(wire(kind)) == ""


@pytest.mark.parametrize(
    "kind", ["837P", "837I", "835", "277CA", "999", "999E", "999P", "999R", "834", "820", "820S"]
)
def test_pyx12_accepts_our_sample_files(pyx12_says, kind: str) -> None:
    assert pyx12_says(sample(kind, count=20, seed=3)) == ""


@pytest.mark.parametrize(("kind", "count"), [("270", 20), ("271", 3), ("835", 20), ("837P", 20), ("834", 3)])
def test_x12sdk_accepts_our_sample_files(x12sdk_models, kind: str, count: int) -> None:
    # of a longer 834 it refuses a place for the post that names nobody, as the guide wants it;
    # of a longer 271 it refuses an answer that names nobody, and an insured with a reason of an insured
    assert len(x12sdk_models(sample(kind, count=count, seed=3))) == 1


def test_x12sdk_accepts_our_questions_after_claims_and_their_answers(x12sdk_models) -> None:
    # of several lines of a claim it keeps the last alone, and counts so
    asked, told = (next(iter(x12.read(sample(kind, count=60, seed=3)))).content for kind in ("276", "277"))
    inquiries = tuple(office.replace(one, lines=one.lines[:1]) for one in asked.inquiries)
    answers = tuple(office.replace(one, lines=one.lines[:1]) for one in told.answers)
    assert len(x12sdk_models(x12.build_276(office.replace(asked, inquiries=inquiries)))) == 1
    assert len(x12sdk_models(x12.build_277(office.replace(told, answers=answers)))) == 1


def test_oxedi_finds_nothing_in_our_sample_remittances() -> None:
    oxedi = pytest.importorskip("oxedi")
    assert [str(item) for item in oxedi.parse(sample("835", count=20, seed=3)).diagnostics] == []


@pytest.mark.nightly
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # an oracle that fails leaves its file open
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine")
def test_what_both_oracles_accept_has_no_error_of_structure(pyx12_says, tmp_path: Path) -> None:
    sdk = pytest.importorskip("x12sdk.io")
    accepted = 0
    for file in sorted(CORPUS.rglob("*")):
        if not file.is_file() or file.suffix in {".tsv", ".md"}:
            continue
        data = file.read_bytes()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                both = pyx12_says(data) == ""
                with sdk.X12ModelReader(str(file)) as reader:
                    both = both and bool(list(reader.models()))
        except Exception:  # an oracle that cannot read a file says nothing about it
            continue
        if both:
            accepted += 1
            assert [one for one in check(data, levels=[1, 2]) if one.severity == "error"] == [], file.name
    assert accepted >= 40
