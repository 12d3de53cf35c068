"""What is written is read again as it was, for every set that the visit needs."""

import pytest

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
    "835": (x12.build_835, office.remittance()),
    "999": (x12.build_999, office.group_ack()),
    "277CA": (x12.build_277ca, office.status_report()),
}


@pytest.mark.parametrize("name", SETS)
def test_a_set_reads_as_it_was_written(name):
    build, value = SETS[name]
    (document,) = x12.read(office.wrap(build(value)))
    assert document.content == value
    assert document.problems == ()
    assert document.kind == name.split()[0]


@pytest.mark.parametrize("name", SETS)
def test_a_parsed_file_renders_the_same_bytes(name):
    build, value = SETS[name]
    data = office.wrap(build(value))
    assert x12.render(x12.parse(data)) == data
