"""Readings of the line: who stands in it, which desks call, what the wall may show."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from daysheet.visits.models import CallingPoint, TokenCategory, Visit, VisitToken, WallPolicy

IN_LINE = (Visit.Flow.ARRIVED.value, Visit.Flow.CHECKED_IN.value)


def tokens(location_id: UUID | None, day: date) -> QuerySet[VisitToken]:
    """Return the tokens of who waits at a door on a day, or at all doors, in the order of the line."""
    rows = VisitToken.objects.filter(on_day=day, visit__flow__in=IN_LINE)
    rows = rows.filter(location_id=location_id) if location_id else rows
    return rows.select_related("point", "visit__patient").order_by("line_at", "number")


def token_of(visit_id: UUID | None) -> str:
    """Return by which token the wall calls a visit, such as A-08; nothing for who stands in no line."""
    token = token_row(visit_id) if visit_id else None
    return str(token) if token else ""


def token_row(visit_id: UUID) -> VisitToken | None:
    """Return the token of a visit, with where it stands in the line; None for who stands in no line."""
    return VisitToken.objects.filter(visit_id=visit_id).first()


def token_names(location_id: UUID | None, day: date) -> dict[UUID, VisitToken]:
    """Return every token of a door's day by its visit, wherever the patient is."""
    rows = VisitToken.objects.filter(on_day=day).select_related("point")
    return {row.visit_id: row for row in (rows.filter(location_id=location_id) if location_id else rows)}


def points(location_id: UUID | None) -> QuerySet[CallingPoint]:
    """Return the desks that call at a door, or at all doors."""
    rows = CallingPoint.objects.filter(dropped_at__isnull=True)
    return (rows.filter(location_id=location_id) if location_id else rows).order_by("name")


def categories(location_id: UUID) -> QuerySet[TokenCategory]:
    """Return the letters of a door."""
    return TokenCategory.objects.filter(location_id=location_id, dropped_at__isnull=True).order_by("letter")


def policy(location_id: UUID | None) -> WallPolicy:
    """Return what a door's wall shows; a token where nobody chose, or where several doors share the wall."""
    found = WallPolicy.objects.filter(location_id=location_id).first() if location_id else None
    return found or WallPolicy(shows=WallPolicy.Shows.TOKEN, version=0)
