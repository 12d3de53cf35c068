"""At which station a browser stands: a signed cookie says so; and printing there without a question."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _

from daysheet.documents import commands, queries
from daysheet.documents.models import Document, PrintStation
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.ui.screens import Request

COOKIE = "daysheet_station"
A_YEAR = 365 * 24 * 60 * 60
_signer = signing.Signer(salt="daysheet.station")


def station_id_here(request: Request) -> UUID | None:
    """Return which station the browser was told that it stands at."""
    try:
        return read_id(_signer.unsign(request.COOKIES.get(COOKIE, "")))
    except signing.BadSignature:
        return None


def station_here(request: Request) -> PrintStation | None:
    """Return the station, if it is one of this practice and in use."""
    station_id = station_id_here(request)
    return queries.print_station(station_id) if station_id else None


def stand_at(response: HttpResponse, station_id: UUID | None) -> HttpResponse:
    """Tell the browser at which station it stands, or that it stands at none."""
    if station_id is None:
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    response.set_cookie(
        COOKIE,
        _signer.sign(str(station_id)),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
    return response


def printed_here(request: Request, paper: Document) -> str:
    """Send a paper to this station's printer and say so; empty where the browser must show it instead."""
    station_id = station_id_here(request)
    printer = queries.printer_for(station_id, paper.kind)
    if printer is None:
        return ""
    try:
        commands.print_paper(request.actor, document_id=paper.pk, station_id=printer.station_id)
    except Refusal:
        return ""
    return _("It goes to the printer at %(station)s.") % {"station": printer.station}
