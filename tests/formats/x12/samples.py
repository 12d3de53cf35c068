"""People and papers of one small office, as X12 records: the material of these tests."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from daysheet.formats import x12

NOON = datetime(2026, 3, 9, 12, 30)  # the Monday after clocks went forward
SERVED = date(2026, 3, 2)
OFFICE = x12.Mailbox("ZZ", "LEECLINIC")
PAYER_BOX = x12.Mailbox("ZZ", "BLUEPPO")

HOME = x12.Address("12 ELM STREET", "", "SPRINGFIELD", "IL", "627010001")
CLINIC = x12.Party(
    "LEE FAMILY CLINIC",
    id_qualifier="XX",
    id="1234567893",
    address=x12.Address("100 MAIN STREET", "SUITE 2", "SPRINGFIELD", "IL", "627010002"),
    taxonomy="207Q00000X",
    references=(x12.Reference("EI", "123456789"),),
)
DR_LEE = x12.Party(
    "LEE", first="ANNA", is_person=True, id_qualifier="XX", id="1881733331", taxonomy="207Q00000X"
)
BLUE = x12.Party("BLUE PPO", id_qualifier="PI", id="BLUE1")
MS_DIAZ = x12.Party(
    "DIAZ",
    first="MARIA",
    middle="L",
    is_person=True,
    id_qualifier="MI",
    id="M100200",
    address=HOME,
    born_on=date(1980, 5, 4),
    gender="F",
)
LEO = x12.Party("DIAZ", first="LEO", is_person=True, address=HOME, born_on=date(2015, 6, 7), gender="M")
SUBMITTER = x12.Party(
    "LEE FAMILY CLINIC",
    id_qualifier="46",
    id="LEECLINIC",
    contacts=(x12.Contact("ROSA", phone="2175550100"),),
)
RECEIVER = x12.Party("BLUE PPO", id_qualifier="46", id="BLUEPPO")


def usd(text: str) -> Decimal:
    return Decimal(text)


def line(number: int = 1, charge: str = "100", **more: object) -> x12.ServiceLine:
    fields: dict[str, object] = {
        "procedure": x12.Procedure("X0020", ("25",)),
        "units": usd("1"),
        "served_on": SERVED,
        "control": f"L{number}",
    }
    return x12.ServiceLine(number=number, charge=usd(charge), **(fields | more))


def claim(**more: object) -> x12.ProfessionalClaim:
    fields: dict[str, object] = {
        "claim_id": "C0001",
        "charge": usd("150.5"),
        "billing": CLINIC,
        "subscriber": x12.Subscriber(MS_DIAZ, group_number="G77"),
        "payer": BLUE,
        "lines": (line(1, "100"), line(2, "50.5", pointers=(2, 1))),
        "diagnoses": ("E119", "I10"),
        "rendering": DR_LEE,
    }
    return x12.ProfessionalClaim(**(fields | more))


def claim_batch(*claims: x12.ProfessionalClaim) -> x12.ClaimBatch:
    return x12.ClaimBatch("B0001", NOON, SUBMITTER, RECEIVER, claims or (claim(),))


def service(charge: str, paid: str, *adjustments: x12.Adjustment, **more: object) -> x12.ServicePayment:
    fields: dict[str, object] = {
        "procedure": x12.Procedure("X0020", ("25",)),
        "control": "L1",
        "units": usd("1"),
        "served_on": SERVED,
        "adjustments": adjustments,
    }
    return x12.ServicePayment(charge=usd(charge), paid=usd(paid), **(fields | more))


def adjusted(group: str, reason: str, amount: str) -> x12.Adjustment:
    return x12.Adjustment(group, reason, usd(amount))


def payment(**more: object) -> x12.ClaimPayment:
    fields: dict[str, object] = {
        "claim_id": "C0001",
        "status": "1",
        "charge": usd("150.5"),
        "paid": usd("95"),
        "patient": x12.Party("DIAZ", first="MARIA", is_person=True, id_qualifier="MI", id="M100200"),
        "patient_responsibility": usd("25"),
        "filing_code": "12",
        "payer_claim_number": "P900",
        "place": "11",
        "frequency": "1",
        "services": (
            service("100", "60", adjusted("CO", "45", "15"), adjusted("PR", "3", "25")),
            service("50.5", "35", adjusted("CO", "45", "15.5"), control="L2", remarks=("N130",)),
        ),
        "dates": (x12.Dates("050", SERVED),),
    }
    return x12.ClaimPayment(**(fields | more))


def remittance(**more: object) -> x12.Remittance:
    fields: dict[str, object] = {
        "payer": x12.Party(
            "BLUE PPO",
            address=x12.Address("1 PLAN ROAD", "", "CHICAGO", "IL", "606010001"),
            contacts=(x12.Contact("HELP DESK", phone="8005550100", code="BL"),),
        ),
        "payee": x12.Party("LEE FAMILY CLINIC", id_qualifier="XX", id="1234567893"),
        "amount": usd("95"),
        "method": "CHK",
        "paid_on": date(2026, 3, 16),
        "trace": "CHK0001",
        "payer_tin": "1987654321",
        "claims": (payment(),),
        "produced_on": date(2026, 3, 16),
    }
    return x12.Remittance(**(fields | more))


def inquiry(**more: object) -> x12.EligibilityInquiry:
    fields: dict[str, object] = {
        "payer": BLUE,
        "provider": x12.Party("LEE FAMILY CLINIC", id_qualifier="XX", id="1234567893"),
        "subscriber": x12.Party(
            "DIAZ",
            first="MARIA",
            is_person=True,
            id_qualifier="MI",
            id="M100200",
            born_on=date(1980, 5, 4),
            gender="F",
        ),
        "trace": "T0001",
        "trace_origin": "9123456789",
        "served_on": SERVED,
    }
    return x12.EligibilityInquiry(**(fields | more))


def answer(**more: object) -> x12.EligibilityAnswer:
    asked = inquiry()
    fields: dict[str, object] = {
        "payer": asked.payer,
        "provider": asked.provider,
        "subscriber": asked.subscriber,
        "trace": "T0001",
        "trace_origin": "9123456789",
        "dates": (x12.Dates("346", date(2026, 1, 1)),),
        "benefits": (
            x12.Benefit("1", "IND", ("30",), "PR", "BLUE PPO GOLD"),
            x12.Benefit(
                "B", "IND", ("98",), period="27", amount=usd("25"), network="Y", messages=("PER VISIT",)
            ),
            x12.Benefit("C", "IND", ("30",), period="29", amount=usd("310.5"), network="Y"),
            x12.Benefit("A", "IND", ("30",), percent=usd("0.2"), network="W"),
        ),
    }
    return x12.EligibilityAnswer(**(fields | more))


def group_ack(**more: object) -> x12.GroupAck:
    fields: dict[str, object] = {
        "group_code": "HC",
        "group_control": "17",
        "guide": "005010X222A1",
        "status": "A",
        "included": 1,
        "received": 1,
        "accepted": 1,
        "sets": (x12.SetAck("837", "0001", "005010X222A1"),),
    }
    return x12.GroupAck(**(fields | more))


def status_report(**more: object) -> x12.StatusReport:
    good = x12.Status("A2", "20", "PR", date(2026, 3, 9), "WQ", usd("150.5"))
    told = x12.ClaimStatus(
        "C0001",
        x12.Party("DIAZ", first="MARIA", is_person=True, id_qualifier="MI", id="M100200"),
        (good,),
        payer_claim_number="P900",
        served=x12.Dates("472", SERVED),
    )
    whole = x12.Status("A1", "19", "PR", date(2026, 3, 9), "WQ", usd("150.5"))
    totals = x12.Totals(1, usd("150.5"))
    fields: dict[str, object] = {
        "reference": "R0001",
        "at": NOON,
        "source": x12.Party("BLUE PPO", id_qualifier="PI", id="BLUE1", entity="PR"),
        "source_trace": "S0001",
        "received_on": date(2026, 3, 9),
        "processed_on": date(2026, 3, 9),
        "receiver": x12.Party("LEE FAMILY CLINIC", id_qualifier="46", id="LEECLINIC"),
        "batch_reference": "B0001",
        "statuses": (whole,),
        "totals": totals,
        "providers": (
            x12.ProviderStatus(
                x12.Party("LEE FAMILY CLINIC", id_qualifier="XX", id="1234567893"),
                statuses=(replace(whole, on=None),),
                totals=totals,
                claims=(told,),
            ),
        ),
    }
    return x12.StatusReport(**(fields | more))


def wrap(*bodies: x12.OutgoingSet, number: int = 17, **more: object) -> bytes:
    groups = [x12.OutgoingGroup(number, bodies)]
    return x12.render_interchange(
        sender=OFFICE, receiver=PAYER_BOX, control_number=number, at=NOON, groups=groups, **more
    )


def dependent_claim() -> x12.ProfessionalClaim:
    plan = x12.Subscriber(MS_DIAZ, relationship="", group_number="G77")
    return claim(claim_id="C0002", subscriber=plan, patient=LEO, patient_relationship="19")


def secondary_claim() -> x12.ProfessionalClaim:
    """A claim to the second payer, with what the first one did: 60 + 35 paid, 25 left to the patient."""
    first = x12.Party("FIRST HEALTH", id_qualifier="PI", id="FIRST1")
    done = [
        x12.LineAdjudication(
            "FIRST1",
            usd(paid),
            x12.Procedure("X0020", ("25",)),
            usd("1"),
            adjustments,
            date(2026, 3, 6),
        )
        for paid, adjustments in (
            ("60", (adjusted("CO", "45", "15"), adjusted("PR", "3", "25"))),
            ("35", (adjusted("CO", "45", "15.5"),)),
        )
    ]
    other = x12.OtherPayer(
        first,
        replace(MS_DIAZ, born_on=None, gender=""),
        "P",
        "18",
        filing_code="CI",
        paid=usd("95"),
        remaining=usd("25"),
        claim_number="F900",
    )
    return claim(
        claim_id="C0003",
        subscriber=x12.Subscriber(MS_DIAZ, rank="S"),
        lines=(
            line(1, "100", adjudications=(done[0],)),
            line(2, "50.5", pointers=(2,), adjudications=(done[1],)),
        ),
        other_payers=(other,),
    )
