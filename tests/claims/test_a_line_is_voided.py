"""A line that is voided on the slip leaves no claim any more, and what is put in its place goes onto the same claim."""

import pytest

from daysheet.charges import commands as charges
from daysheet.charges.models import Charge
from daysheet.claims import commands, queries
from daysheet.claims.models import Claim, ClaimEvent
from daysheet.formats import x12
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import holding
from tests import make
from tests.claims.office import Loop

pytestmark = pytest.mark.django_db


def line_of(loop: Loop, claim: Claim, code: str) -> Charge:
    with make.acting(loop.office):
        return Charge.objects.get(visit_id=claim.visit_id, code=code, state="posted")


def void(loop: Loop, claim: Claim, code: str, who: str = "rosa") -> None:
    with holding():
        charges.void_charge(loop.by(who), charge_id=line_of(loop, claim, code).pk, reason="wrong code")


def post(loop: Loop, claim: Claim, code: str) -> None:
    with holding():
        charges.put_charge(loop.by("ana"), visit_id=claim.visit_id, code=code)
        charges.post_charges(loop.by("ana"), visit_id=claim.visit_id)


def codes_of(loop: Loop, claim: Claim) -> list[tuple[int, str, str]]:
    with make.acting(loop.office):
        rows = claim.lines.order_by("line").values_list("line", "control", "charge__code")
        return [(line, control.removeprefix(claim.control), code) for line, control, code in rows]


def rejected(loop: Loop) -> Claim:
    loop.enroll(fault="rejected_a7")
    claim = loop.sent()
    loop.enroll()
    return claim


def held(loop: Loop) -> Claim:
    claim = loop.made()
    with make.acting(loop.office):
        claim.visit.diagnoses.update(code="???")
    loop.send(claim)
    with make.acting(loop.office):
        claim.visit.diagnoses.update(code="M54.50")
    return loop.again(claim)


def test_a_wrong_line_that_is_voided_and_put_anew_leaves_once_and_right() -> None:
    loop = Loop()
    claim = loop.made("X0020")
    post(loop, claim, "X0015")
    void(loop, claim, "X0020")
    commands.make_due_claims(loop.by())
    with holding() as waiting:
        commands.send_due_claims(loop.by())
    loop.run(waiting)
    (envelope,) = loop.outgoing()
    (document,) = x12.read(bytes(envelope.content))
    (wire,) = document.content.claims
    assert [line.procedure.code for line in wire.lines] == ["X0015"]
    assert wire.charge == 60


@pytest.mark.parametrize(("begin", "state"), [(Loop.made, "made"), (held, "held"), (rejected, "rejected")])
def test_the_claim_goes_on_without_the_line(begin: object, state: str) -> None:
    loop = Loop()
    claim = begin(loop)  # type: ignore[operator]
    void(loop, claim, "X0020")
    now = loop.again(claim)
    assert (now.state, now.charge, now.version) == (state, 60, claim.version + 1)
    assert codes_of(loop, claim) == [(1, "-1", "X0015")]
    assert loop.story(claim)[-1] == "line_off"
    with make.acting(loop.office):
        assert queries.wrong_states() == []
    if state == "rejected":
        loop.resend(now)
    else:
        loop.send(now)
    assert loop.again(claim).state == "accepted"


@pytest.mark.parametrize(("begin", "state"), [(Loop.made, "made"), (held, "held"), (rejected, "rejected")])
def test_a_line_that_is_posted_later_goes_onto_the_claim_that_has_not_left(begin: object, state: str) -> None:
    loop = Loop()
    claim = begin(loop)  # type: ignore[operator]
    post(loop, claim, "X0030")
    assert commands.make_claim(loop.by(), visit_id=claim.visit_id).pk == claim.pk
    now = loop.again(claim)
    assert (now.state, now.charge) == (state, 360)
    assert codes_of(loop, claim)[-1] == (3, "-3", "X0030")
    with make.acting(loop.office):
        assert Claim.objects.count() == 1
        assert queries.wrong_states() == []
        assert queries.count_to_bill() == 0


def test_a_claim_without_a_line_is_taken_back_and_its_work_with_it() -> None:
    loop = Loop()
    claim = loop.made("X0020", diagnoses=("M54",))
    with make.acting(loop.office):
        claim.visit.diagnoses.update(code="???")
    loop.send(claim)
    void(loop, claim, "X0020")
    assert (loop.again(claim).state, loop.items()) == ("void", [])
    with make.acting(loop.office):
        last = ClaimEvent.objects.filter(claim=claim).order_by("-rank")[0]
    assert (last.kind, last.sentence) == ("voided", "Its only line was voided on the slip: wrong code.")


def test_a_replacement_that_lost_its_only_line_gives_the_first_claim_its_state_back() -> None:
    loop = Loop()
    claim = loop.sent("X0020")
    loop.pay()
    with make.acting(loop.office):
        claim.visit.diagnoses.update(code="???")
    second = loop.resend(loop.again(claim))
    charge = line_of(loop, second, "X0020")
    commands.take_line_off(loop.by("rosa"), claim_id=second.pk, charge_id=charge.pk, reason="wrong code")
    assert (loop.again(claim).state, loop.again(second).state) == ("paid", "void")


def test_a_line_that_the_payer_has_stays_until_its_claim_is_taken_back() -> None:
    loop = Loop()
    claim = loop.sent("X0020")
    with pytest.raises(
        Refusal, match=r"The payer has this line on claim 20001\. Let billing take that claim"
    ):
        void(loop, claim, "X0020")
    with make.acting(loop.office):
        assert Charge.objects.get().state == "posted"
    assert loop.due(claim) == (120, 0)
    with holding() as waiting:
        commands.void_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="Wrong code")
    loop.run(waiting)
    void(loop, claim, "X0020")
    assert loop.due(claim) == (0, 0)


def test_a_claim_whose_line_is_void_all_the_same_does_not_leave() -> None:
    loop = Loop()
    claim = loop.made("X0020")
    with make.acting(loop.office):
        Charge.objects.update(state="voided")
    loop.send(claim)
    assert (loop.again(claim).state, loop.items()) == ("held", [("other", "line-stands")])
    assert loop.outgoing() == []
