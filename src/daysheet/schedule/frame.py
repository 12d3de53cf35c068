"""What stands around every sheet of the book: the day, the door, what the person may do."""

from datetime import date, timedelta
from uuid import UUID

from daysheet.kernel.access import Can
from daysheet.kernel.ids import read_id
from daysheet.ui.screens import Request


def frame(request: Request, day: date, location_id: UUID | None) -> dict[str, object]:
    """Return the facts that every sheet's page shows."""
    zone = request.office.zone
    return {
        "sheet": None,
        "grid": None,
        "who": "",
        "as_list": False,
        "day": day,
        "one_day": timedelta(days=1),
        "today": request.office.today,
        "location_id": location_id,
        "zone": zone,
        "now": request.actor.now.astimezone(zone).replace(tzinfo=None),
        "may_packet": request.actor.can(Can.PRINT_PACKET) or request.actor.can(Can.SEE_CHART),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
    }


def place(request: Request) -> UUID | None:
    """Return the door asked for, the person's own without a word, none for all doors."""
    where = request.GET.get("where")
    return None if where == "all" else read_id(where) or request.office.location_id
