"""A payer that asks about a claim of the small office, and the papers that go back: the material of these tests."""

from datetime import date

from daysheet.formats import x12

from . import samples as office

CCDA = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3">'
    b'<templateId root="2.16.840.1.113883.10.20.22.1.9"/><title>Note: \xc3\xa9 ~ * : ^</title></ClinicalDocument>\n'
)
PDF = b"%PDF-1.4 ~ * : ^ \x00\xff binary ~SE*9*0001~ %%EOF"
NOTE = b"Seen at noon ~ well."
PROGRESS = x12.Question("R4", "11506-3", on=office.SERVED, charge=office.usd("150.5"))
PAYER = x12.Party("BLUE PPO", id_qualifier="PI", id="BLUE1")
CLINIC = x12.Party("LEE FAMILY CLINIC", id_qualifier="XX", id="1234567893")
MARIA = x12.Party("DIAZ", first="MARIA", is_person=True, id_qualifier="MI", id="M100200")


def request(**more: object) -> x12.InformationRequest:
    line = x12.RequestedLine(
        x12.Procedure("X0020", ("25",)), office.usd("100"), (x12.Question("R4", "28570-0", on=office.SERVED),),
        control="L1", units=office.usd("1"), served=x12.Dates("472", office.SERVED),
    )  # fmt: skip
    reply = x12.ReplyTo(
        x12.Attachment("OZ", "EL", "Q0001"), x12.Contact("MEDICAL REVIEW", phone="8005550100")
    )
    fields: dict[str, object] = {
        "trace": "Q0001",
        "patient": MARIA,
        "questions": (PROGRESS,),
        "claim_id": "C0001",
        "payer_claim_number": "P900",
        "served": x12.Dates("472", office.SERVED),
        "respond_by": x12.Dates("106", date(2026, 4, 8)),
        "reply": reply,
        "lines": (line,),
    }
    return x12.InformationRequest(**(fields | more))


def requests(*asked: x12.InformationRequest, **more: object) -> x12.RequestBatch:
    fields: dict[str, object] = {
        "reference": "R0001",
        "at": office.NOON,
        "source": x12.Party("BLUE PPO", id_qualifier="PI", id="BLUE1", entity="PR"),
        "receiver": x12.Party("LEE FAMILY CLINIC", id_qualifier="46", id="LEECLINIC"),
        "providers": (x12.AskedProvider(CLINIC, asked or (request(),)),),
    }
    return x12.RequestBatch(**(fields | more))


def paper(document: bytes = CCDA, control: str = "A0001", **more: object) -> x12.ClaimAttachment:
    fields: dict[str, object] = {
        "control_number": control,
        "documents": (x12.attached(document, file_name="note.xml"),),
        "questions": (x12.Question("R4", "11506-3"),),
        "sent": x12.Dates("368", date(2026, 3, 9)),
    }
    return x12.ClaimAttachment(**(fields | more))


def papers(*sent: x12.ClaimAttachment, **more: object) -> x12.PatientInformation:
    fields: dict[str, object] = {
        "purpose": "02",
        "reference": "S0001",
        "at": office.NOON,
        "payer": PAYER,
        "submitter": x12.Party("LEE FAMILY CLINIC", id_qualifier="46", id="LEECLINIC"),
        "provider": CLINIC,
        "patient": MARIA,
        "attachments": sent or (paper(), paper(PDF, "A0002"), raw(NOTE)),
        "references": (x12.Reference("EJ", "C0001"), x12.Reference("1K", "P900")),
        "served": x12.Dates("472", office.SERVED),
    }
    return x12.PatientInformation(**(fields | more))


def raw(document: bytes, control: str = "A0003") -> x12.ClaimAttachment:
    """A paper that travels as it is, in a BIN."""
    return paper(control=control, documents=(x12.AttachedDocument(document, "", "TX"),))
