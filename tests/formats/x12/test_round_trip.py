"""What is written is read again as it was, for every set that the visit needs."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from daysheet.formats import x12

from . import samples as office

SETS = {
    "270": (x12.build_270, x12.InquiryBatch("V0001", office.NOON, (office.inquiry(),))),
    "270 of a dependent": (
        x12.build_270,
        x12.InquiryBatch("V0001", office.NOON, (office.inquiry(dependent=office.LEO, relationship="19"),)),
    ),
    "271": (x12.build_271, x12.AnswerBatch("V0001", office.NOON, (office.answer(),))),
    "837P": (x12.build_837p, office.claim_batch()),
    "837P of a dependent": (x12.build_837p, office.claim_batch(office.claim(), office.dependent_claim())),
    "837P second payer": (x12.build_837p, office.claim_batch(office.secondary_claim())),
    "835": (x12.build_835, office.remittance()),
    "999": (x12.build_999, office.group_ack()),
    "277CA": (x12.build_277ca, office.status_report()),
}
REFUSED = x12.Status("A7", "454", on=office.SERVED, action="U")
LONG = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),
)


def back(body: x12.OutgoingSet, **more: object) -> x12.Document:
    (document,) = x12.read(office.wrap(body, **more))
    assert document.problems == ()
    return document


@pytest.mark.parametrize("name", SETS)
def test_a_set_reads_as_it_was_written(name: str) -> None:
    build, value = SETS[name]
    document = back(build(value))
    assert document.content == value
    assert document.kind == name.split()[0]


@pytest.mark.parametrize("name", SETS)
def test_a_parsed_file_renders_the_same_bytes(name: str) -> None:
    build, value = SETS[name]
    data = office.wrap(build(value))
    assert x12.render(x12.parse(data)) == data


@pytest.mark.parametrize("name", SETS)
def test_other_separators_change_nothing(name: str) -> None:
    build, value = SETS[name]
    odd = x12.Delimiters("|", "!", ">", "\n")
    data = office.wrap(build(value), delimiters=odd)
    assert next(iter(x12.read(data))).content == value
    assert x12.render(x12.parse(data), x12.STANDARD) == office.wrap(build(value))


text = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.'", min_size=1, max_size=20)
code = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=9)
maybe = st.one_of(st.just(""), text)
money = st.decimals(Decimal(-99999), Decimal(99999), places=2)
charge = st.decimals(Decimal(0), Decimal(99999), places=2)
count = st.decimals(Decimal(1), Decimal(999), places=1)
day = st.dates(date(1900, 1, 1), date(2099, 12, 31))
instant = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0))
group = st.sampled_from(["CO", "PR", "OA", "PI"])


def several(item: st.SearchStrategy, most: int = 3, least: int = 0) -> st.SearchStrategy:
    return st.lists(item, min_size=least, max_size=most).map(tuple)


adjustment = st.builds(x12.Adjustment, group, code, money, st.none() | count)
# other numbers than those with a field of their own
reference = st.builds(x12.Reference, st.sampled_from(["ZZ", "EA", "1L"]), text, maybe)
procedure = st.builds(
    x12.Procedure, code, several(st.sampled_from(["25", "LT", "X1"]), 4), st.just("HC"), maybe
)
contact = st.builds(x12.Contact, maybe, code, st.just(""), st.just(""), maybe)
address = st.builds(x12.Address, text, maybe, text, st.sampled_from(["IL", "NY"]), st.just("627010001"))
person = st.builds(
    x12.Party,
    text,
    first=text,
    middle=maybe,
    suffix=maybe,
    is_person=st.just(True),
    id_qualifier=st.just("MI"),
    id=code,
)
patient = st.builds(
    x12.Party, text, first=maybe, is_person=st.just(True), id_qualifier=st.just("MI"), id=code,
    address=address, born_on=day, gender=st.sampled_from("FMU"), references=several(reference),
)  # fmt: skip
provider = st.builds(
    x12.Party, text, first=text, is_person=st.just(True), id_qualifier=st.just("XX"), id=code, taxonomy=maybe
)
unspecialized = provider.map(lambda who: office.replace(who, taxonomy=""))
dated = st.builds(x12.Dates, st.sampled_from(["431", "454", "439"]), day, st.none() | day)
extra = st.just((x12.segment("K3", "KEPT AS IT IS"),)) | st.just(())

service_line = st.builds(
    office.line, st.integers(1, 99), charge.map(str), procedure=procedure, units=count, served_on=day,
    served_to=st.none() | day, place=st.sampled_from(["", "12"]), pointers=several(st.integers(1, 2), 4, 1),
    prior_authorization=maybe, references=several(reference), dates=several(dated), rendering=st.none() | provider,
    notes=several(st.builds(x12.Note, st.just("ADD"), text)), extras=extra,
    drug=st.none() | st.builds(x12.Drug, code, count, st.just("ML")),
)  # fmt: skip
claim = st.builds(
    office.claim, claim_id=code, charge=charge, lines=several(service_line, 3, 1), diagnoses=several(code, 12, 2),
    subscriber=st.builds(x12.Subscriber, patient, group_number=maybe, group_name=maybe),
    patient_paid=st.none() | charge, prior_authorization=maybe, referral=maybe, clia=maybe, trace=maybe,
    references=several(reference), dates=several(dated), related_causes=several(st.sampled_from(["AA", "OA"]), 2),
    notes=several(st.builds(x12.Note, st.just("ADD"), text), 2), rendering=st.none() | provider,
    attachments=several(st.builds(x12.Attachment, st.just("OZ"), st.just("FX"), code), 2), extras=extra,
    referring=st.none() | unspecialized, facility=st.none() | st.builds(x12.Party, text, address=address),
)  # fmt: skip
payment_line = st.builds(
    office.service, charge.map(str), money.map(str), procedure=procedure, units=st.none() | count, served_on=day,
    served_to=st.none() | day, control=maybe, adjustments=several(adjustment, 20), remarks=several(code, 2),
    submitted=st.none() | procedure, references=several(reference), revenue_code=st.sampled_from(["", "0510"]),
    amounts=several(st.builds(x12.Amount, st.just("B6"), money), 2), extras=extra,
)  # fmt: skip
payment = st.builds(
    office.payment, claim_id=code, status=st.sampled_from(["1", "4", "22"]), charge=money, paid=money, patient=person,
    patient_responsibility=st.none() | money, payer_claim_number=maybe, adjustments=several(adjustment, 20),
    services=several(payment_line), moa=several(code, 5).map(lambda codes: x12.moa(*codes)),
    insured=st.none() | person, corrected=st.none() | person, rendering=st.none() | person,
    references=several(reference), contacts=several(contact, 1), extras=extra,
    quantities=several(st.builds(x12.Quantity, st.just("CA"), count), 1),
)  # fmt: skip
beside = st.builds(x12.ProviderAdjustment, code, day, st.sampled_from(["WO", "FB", "L6"]), maybe, money)
rejection = st.builds(
    x12.Rejection, st.just("subscriber"), st.sampled_from(["42", "71", "75"]), st.sampled_from("CNR")
)
benefit = st.builds(
    x12.Benefit, st.sampled_from(["1", "6", "A", "B", "C", "ZZ"]), st.sampled_from(["", "IND"]), several(code),
    st.just(""), maybe, st.sampled_from(["", "29"]), st.none() | money, st.none() | charge,
    network=st.sampled_from(["", "Y", "N"]), procedure=st.none() | procedure, references=several(reference),
    dates=several(st.builds(x12.Dates, st.just("346"), day, st.none() | day)), messages=several(text),
    deliveries=several(st.builds(x12.Delivery, st.just(("VS", "10")))),
    others=several(st.builds(x12.Party, text, id_qualifier=st.just("PI"), id=code, entity=st.just("PRP"))),
)  # fmt: skip
status = st.builds(x12.Status, code, code, maybe, day, st.sampled_from(["WQ", "U"]), money, message=maybe)


@LONG
@given(several(claim, 3, 1), code, instant)
def test_any_claims_come_back(claims: tuple, number: str, at: datetime) -> None:
    batch = x12.ClaimBatch(number, at, office.SUBMITTER, office.RECEIVER, claims)
    (document,) = x12.read(office.wrap(x12.build_837p(batch)))
    assert document.content == batch
    assert [problem for problem in document.problems if problem.snip < 3] == []


@LONG
@given(several(payment), several(beside, 15), money, st.sampled_from(["ACH", "CHK"]))
def test_any_remittance_comes_back(claims: tuple, plbs: tuple, amount: Decimal, method: str) -> None:
    remittance = office.remittance(
        claims=claims,
        provider_adjustments=plbs,
        amount=amount,
        method=method,
        receiver_id="LEE",
        version="V1",
        references=(x12.Reference("ZZ", "OTHER"),),
        summaries=(x12.Summary("1", (x12.segment("TS3", "1234567893", "11"),)),) if claims else (),
        bank=x12.Bank(("CTX", "01", "011900254", "DA", "7", "1", "", "01", "011900571", "DA", "12")),
    )
    (document,) = x12.read(office.wrap(x12.build_835(remittance)))
    assert document.content == remittance
    assert [problem for problem in document.problems if problem.snip < 3] == []


@LONG
@given(several(benefit, 5), several(rejection, 2), maybe, st.booleans())
def test_any_answer_comes_back(benefits: tuple, rejections: tuple, trace: str, dependent: bool) -> None:
    more = {"dependent": office.LEO, "relationship": "19"} if dependent else {}
    origin = "9123456789" if trace else ""
    answer = office.answer(benefits=benefits, rejections=rejections, trace=trace, trace_origin=origin, **more)
    batch = x12.AnswerBatch("V0001", office.NOON, (answer, office.answer()))
    assert back(x12.build_271(batch)).content == batch


@LONG
@given(several(code, 5), st.none() | day, st.booleans())
def test_any_inquiry_comes_back(types: tuple, served: date | None, dependent: bool) -> None:
    more = {"dependent": office.LEO, "relationship": "19"} if dependent else {}
    asked = (office.inquiry(service_types=types, served_on=served, **more), office.inquiry(trace="T2"))
    batch = x12.InquiryBatch("V0001", office.NOON, asked)
    assert back(x12.build_270(batch)).content == batch


@LONG
@given(several(status, 3, 1), maybe, maybe, several(code, 2))
def test_any_status_report_comes_back(statuses: tuple, number: str, trace: str, lines: tuple) -> None:
    told = x12.ClaimStatus(
        "C0001", office.status_report().providers[0].claims[0].patient, statuses, number, trace,
        served=x12.Dates("472", office.SERVED, office.SERVED),
        lines=tuple(
            x12.LineStatus(x12.Procedure(item), Decimal(10), "L1", Decimal(1), (REFUSED,))
            for item in lines
        ),
    )  # fmt: skip
    provider = office.status_report().providers[0]
    report = office.status_report(
        statuses=statuses, providers=(office.replace(provider, claims=(told, told)), provider)
    )
    assert back(x12.build_277ca(report)).content == report


@LONG
@given(
    several(
        st.builds(
            x12.SegmentError, st.just("CLM"), st.integers(1, 99), st.just("2300"), st.sampled_from("38"),
            several(st.builds(x12.ElementError, st.integers(1, 20), st.sampled_from("178"), maybe), 2),
        )
    ),
    st.sampled_from("AER"),
)  # fmt: skip
def test_any_acknowledgement_comes_back(errors: tuple, said: str) -> None:
    one = x12.SetAck("837", "0001", "005010X222A1", said, ("5",) if errors else (), errors)
    ack = office.group_ack(sets=(one, x12.SetAck("837", "0002", "005010X222A1")), included=2, received=2)
    assert back(x12.build_999(ack)).content == ack


def test_a_ta1_comes_back() -> None:
    ack = x12.InterchangeAck("000000016", office.NOON, "E", "014")
    data = x12.render_interchange(
        sender=office.PAYER_BOX, receiver=office.OFFICE, control_number=5, at=office.NOON, acks=[ack]
    )
    (document,) = x12.read(data)
    assert (document.kind, document.content) == ("TA1", ack)
