"""What rules passed over once they pass over again in the same file; what is wrong is told each time."""

from daysheet.formats.x12.check import check
from daysheet.formats.x12.check.codes import Codes
from daysheet.formats.x12.check.view import MOST_JUDGED, Above, Claim
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.segment import segment


def test_a_wrong_npi_of_every_claim_is_told_with_every_claim() -> None:
    data = sample("837P", count=6)
    rendering = data.count(b"NM1*82*1*LEE*JUNE****XX*1184700544")
    assert rendering > 2
    found = list(check(data.replace(b"XX*1184700544", b"XX*1184700545")))
    assert [one.code for one in found if one.loop == "2310B"] == ["providers.npi"] * rendering


def test_a_wrong_town_after_the_same_town_written_right_is_told() -> None:
    data = sample("837P", count=12)
    town = b"N4*LINDENVALE*MA*01103"
    assert data.count(town) > 1
    last = data.rindex(town)
    spoilt = data[:last] + b"N4*LINDENVALE*MX*01103" + data[last + len(town) :]
    assert [one.code for one in check(spoilt)] == ["place.state"]


def test_another_file_is_judged_anew_with_the_codes_of_its_office() -> None:
    class NoSuchState(Codes):
        def valid(self, name: str, code: str, on=None) -> bool:
            return name != "state" and super().valid(name, code, on)

    data = sample("837P", count=2)
    assert not list(check(data))
    assert {one.code for one in check(data, codes=NoSuchState())} == {"place.state"}


def test_what_was_judged_does_not_fill_the_memory() -> None:
    above = Above("837P", Codes())
    above.judged = {("NM1", str(number)) for number in range(MOST_JUDGED + 1)}
    claim = Claim(Loop("2300", [segment("CLM", "C1", "10", "", "", "11:B:1")]), above)
    claim.settle(set())
    assert above.judged == {("CLM", "11:B:1")}
