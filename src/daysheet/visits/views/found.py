"""The visit that an address names."""

from uuid import UUID

from django.http import Http404

from daysheet.visits import queries
from daysheet.visits.models import Visit


def visit_or_404(visit_id: UUID) -> Visit:
    """Return a visit of this practice with its people; Http404 where there is none."""
    visit = queries.visit(visit_id)
    if visit is None:
        raise Http404
    return visit
