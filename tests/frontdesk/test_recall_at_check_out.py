"""Check-out says what the patient is due for and not booked for, with the way to book it."""

from datetime import date, timedelta

from daysheet.frontdesk.checkin import leaving
from daysheet.schedule import commands as schedule
from daysheet.visits import commands as visits
from tests import cast, make
from tests.house import House, appointment, desk


def test_check_out_offers_what_is_due_soon(house: House) -> None:
    physical = make.visit_type("Physical", 40)
    kept = schedule.keep_recall_type(house.ana, name="Yearly", every_months=12, visit_type_id=physical.pk)
    asked = {"patient_id": house.diaz.id, "type_id": kept.pk}
    schedule.set_recall_day(house.rosa, **asked, due_on=date(2026, 4, 2))
    today = appointment(house, cast.NOW)
    visit = visits.arrive(house.rosa, appointment_id=today.id)

    def offered() -> list[str]:
        left = leaving(visit, now=cast.NOW, today=cast.MONDAY, interval="")
        return [one.type.name for one in left.recalls]

    assert offered() == ["Yearly"]
    shown = desk(house).get(f"/desk/visits/{visit.pk}/check-out/").content.decode()
    assert "Due: Yearly" in shown
    assert f"type={physical.pk}" in shown
    appointment(house, cast.NOW + timedelta(days=9), type=physical)
    assert offered() == []
    schedule.set_recall_day(house.rosa, **asked, due_on=date(2026, 12, 2))
    assert offered() == []
