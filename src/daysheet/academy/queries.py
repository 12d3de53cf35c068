"""What a person kept of a plan with the account."""

from uuid import UUID

from daysheet.academy.models import KeptPlan


def kept_plan(*, user_id: UUID | None) -> KeptPlan | None:
    """Return a person's own plan, also one that was forgotten and is empty; nobody else's."""
    return KeptPlan.objects.filter(user_id=user_id).first() if user_id else None
