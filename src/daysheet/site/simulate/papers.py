"""Papers that people bring to the desk: an insurance card, a licence with its barcode, a signature."""

import io
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from PIL import Image, ImageDraw

from daysheet.documents import commands as documents
from daysheet.formats.aamva import Licence
from daysheet.formats.aamva.write import render
from daysheet.frontdesk import commands as frontdesk
from daysheet.patients.models import Patient
from daysheet.site.simulate.founding import PlayedOffice
from daysheet.visits import queries as visits
from daysheet.visits.models import Visit

MOST = 3
MARK = "120,190 180,90 240,200 300,110 360,190;430,120 430,200 470,150 520,200;560,160 640,150 700,190"


@transaction.atomic
def bring_papers(office: PlayedOffice, now: datetime) -> None:
    """Let the patients who stand at the desk bring card and licence, and one of them sign."""
    desk = office.by("receptionist", now)
    place = "ipp://printer.example/ipp/print"
    manager = office.by("office_manager", now)
    station = documents.keep_station(manager, name="Front desk", printers={"plain": place, "label": place})
    standing = visits.of_day(now.astimezone(office.practice.zone).date()).filter(flow=Visit.Flow.ARRIVED)
    if visit := standing.first():
        scan = card(visit.patient)
        documents.note_scan(desk, station_id=station.pk, name="scan-1.png", content=scan, size=len(scan))
    for number, visit in enumerate(standing[:MOST]):
        steps = set(visits.steps(visit.id, "check_in").filter(state="open").values_list("kind", flat=True))
        if "card" in steps:
            frontdesk.file_card(desk, visit_id=visit.id, front=card(visit.patient), back=blank())
        if "photo_id" in steps:
            frontdesk.file_photo_id(desk, visit_id=visit.id, front=blank(), back=licence(visit.patient, now))
        if "form-treatment" in steps and not number:
            frontdesk.fill_form(
                desk,
                visit_id=visit.id,
                key="treatment",
                edition=1,
                language="en",
                answers={},
                signed_by=f"{visit.patient.given} {visit.patient.family}",
                strokes=MARK,
            )


def card(patient: Patient) -> bytes:
    """Return the picture of a made-up insurance card."""
    picture = Image.new("RGB", (640, 400), (220, 235, 251))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 640, 70), fill=(11, 92, 173))
    pen.text((24, 24), "SAMPLE CARD - not a real plan", fill="white")
    pen.text((24, 120), f"Member  {patient.given} {patient.family}", fill="black")
    return _png(picture)


def blank() -> bytes:
    """Return the picture of a card's other side."""
    return _png(Image.new("RGB", (640, 400), (233, 238, 243)))


def licence(patient: Patient, now: datetime) -> bytes:
    """Return the picture of the back of a made-up licence: somebody who has moved since it was given."""
    import zxingcpp  # here and in the reader alone

    said = Licence(
        kind="licence",
        issuer="636002",
        version=10,
        number="S00000000",
        family=patient.family.upper(),
        given=patient.given.upper(),
        born_on=patient.born_on,
        sex=patient.sex if patient.sex in ("M", "F") else "U",
        street="12 ELM ST",
        city=patient.city.upper(),
        state=patient.state,
        zip=patient.zip,
        country="USA",
        expires_on=(now + timedelta(days=900)).date(),
    )
    dots: Any = zxingcpp.create_barcode(render(said), zxingcpp.BarcodeFormat.PDF417).to_image(scale=3)
    code = Image.frombytes("L", (dots.shape[1], dots.shape[0]), bytes(dots))
    picture = Image.new("RGB", (code.width + 80, code.height + 160), (220, 235, 251))
    picture.paste(code.convert("RGB"), (40, 110))
    ImageDraw.Draw(picture).text((40, 40), "SAMPLE LICENCE - not a real card", fill="black")
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
