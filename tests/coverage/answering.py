"""The payer's side of a question, as text on the wire."""

from decimal import Decimal
from typing import Any

from daysheet.coverage.models import EligibilityInquiry
from daysheet.formats import x12
from daysheet.kernel.jobs import holding
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope, TradingPartner
from tests import cast

ACTIVE = x12.Benefit("1", service_types=("30",), plan="BLUE PPO GOLD")
COPAY = x12.Benefit("B", service_types=("98",), amount=Decimal("20.00"), network="Y")
LEFT = x12.Benefit("C", service_types=("30",), period="29", amount=Decimal("1280.00"), network="Y")
ODD = x12.Benefit("QQ", service_types=("30",), messages=("SOMETHING NEW",))


def told(inquiry: EligibilityInquiry, *benefits: x12.Benefit, **more: Any) -> x12.EligibilityAnswer:
    """What the payer says to a question of ours."""
    return x12.EligibilityAnswer(
        payer=x12.Party("BLUE PPO", id_qualifier="PI", id="BLUE1"),
        provider=x12.Party("NORTHSIDE", id_qualifier="XX", id="1234567893"),
        subscriber=x12.Party("DIAZ", first="MARIA", is_person=True, id_qualifier="MI", id="XJ4001"),
        trace=inquiry.trace,
        trace_origin="9123456789",
        benefits=benefits,
        **more,
    )


def one_batch(*answers: x12.EligibilityAnswer) -> bytes:
    """One 271 with so many answers, on the wire."""
    body = x12.build_271(x12.AnswerBatch(answers[0].trace, cast.NOW, answers))
    return x12.render_interchange(
        sender=x12.Mailbox("ZZ", "CLEARWATER"),
        receiver=x12.Mailbox("ZZ", "NORTHSIDE"),
        control_number=5,
        at=cast.NOW,
        groups=[x12.OutgoingGroup(control_number=5, sets=[body])],
        usage="T",
    )


def reply(inquiry: EligibilityInquiry, *benefits: x12.Benefit, **more: Any) -> bytes:
    """The payer's 271 to a question of ours, on the wire."""
    return one_batch(told(inquiry, *benefits, **more))


def take_in(practice_id: Any, content: bytes, now: Any = cast.NOW) -> Envelope:
    by = cast.system(practice_id, now)
    with holding():
        (came,) = mailroom.receive(by, partner_id=TradingPartner.objects.get().pk, content=content)
        return mailroom.handle_envelope(by, envelope_id=came.pk)
