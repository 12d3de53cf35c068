"""What an insurance card says is taken over into a coverage, field by field, by a person; and put back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import queries
from daysheet.coverage.card_reading import Beside
from daysheet.coverage.commands.coverages import CoverageIsUnknown, change_coverage
from daysheet.coverage.models import Coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.models import AuditLine

TAKEN = "coverage.card.taken-over"
FACTS = (
    "plan_id", "member_id", "group_number", "relationship", "subscriber_family", "subscriber_given",
    "subscriber_born_on", "subscriber_sex", "starts_on", "ends_on", "rank",
)  # fmt: skip


class NothingTicked(Refusal):
    """No field was ticked, or the card does not say it."""


class MayBeAnothersCard(Refusal):
    """Another name stands on the card, and nobody said that it is this patient's all the same."""


@command(needs=Can.EDIT_COVERAGE)
def take_from_card(
    by: Actor, /, *, found: Beside, version: int, fields: Sequence[str], is_theirs: bool = False
) -> Coverage:
    """Write what a card says into the coverage beside it, in the fields that a person has ticked.

    Raises NothingTicked, MayBeAnothersCard where another name stands on it and nobody vouches, and what
    change_coverage raises.
    """
    if found.held is None:
        raise CoverageIsUnknown(_("There is no plan on file to take it over into. Enter a new one."))
    chosen = [one for one in found.differing if one.field in fields]
    new: dict[str, Any] = {name: value for one in chosen for name, value in one.new.items()}
    if not new:
        raise NothingTicked(_("Tick what shall be taken over from the card."))
    if found.is_another and not is_theirs:
        raise MayBeAnothersCard(
            _("Another name stands on the card. Say that it is this patient's card, or take nothing over.")
        )
    before = {name: getattr(found.held, name) for name in new}
    changed = change_coverage(by, coverage_id=found.held.pk, version=version, **_facts(found.held) | new)
    record(
        by,
        TAKEN,
        changed,
        fields=sorted(new),
        papers=[one.number for one in found.papers],
        version=changed.version,
        before={name: value.isoformat() if isinstance(value, date) else str(value) for name, value in before.items()},
        vouched=found.is_another,
    )  # fmt: skip
    return changed


@command(needs=Can.EDIT_COVERAGE)
def put_card_back(by: Actor, /, *, coverage_id: UUID, version: int) -> Coverage:
    """Undo what was taken over from a card; `version` is that of the coverage after it. Raises StaleForm."""
    held = queries.coverage(coverage_id)
    lines = AuditLine.objects.filter(subject_id=coverage_id, action=TAKEN, details__version=version)
    line = lines.order_by("-at").first()
    if held is None or line is None:
        raise CoverageIsUnknown(_("There is nothing to put back."))
    if held.version != version:
        raise StaleForm(_("The plan was changed again since. Mend it by hand."))
    before = _read(line.details["before"])
    put = change_coverage(by, coverage_id=coverage_id, version=version, **_facts(held) | before)
    record(by, "coverage.card.put-back", put, fields=sorted(before))
    return put


def _facts(held: Coverage) -> dict[str, Any]:
    return {name: getattr(held, name) for name in FACTS}


def _read(before: Mapping[str, str]) -> dict[str, Any]:
    ways: Mapping[str, Any] = {"plan_id": UUID, "starts_on": date.fromisoformat}
    return {name: ways.get(name, str)(value) for name, value in before.items()}
