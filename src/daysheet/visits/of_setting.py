"""What a care setting asks at check-in, as rules of the office."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.practice.care_settings import CareSetting, CheckInAsk
from daysheet.practice.setting_parts import COMES, HERE, Part, Piece, brings
from daysheet.privacy import filling
from daysheet.schedule.models import AppointmentType
from daysheet.visits import commands
from daysheet.visits.due import FORM
from daysheet.visits.models import CheckInRule
from daysheet.visits.rules import STEP_WORDS
from daysheet.visits.wording import OFTEN_WORDS


def register() -> None:
    """Register the part."""
    brings(Part("check_in", 40, rules, add_rules, drop_rules))


def rules(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return what a setting asks, each rule as it stands in the practice."""
    steps = _steps(held)
    types: dict[str, UUID] = dict(AppointmentType.objects.values_list("name", "id"))
    standing = set(
        CheckInRule.objects.filter(dropped_at=None).values_list("kind", "type_id", "youngest", "oldest")
    )
    pieces = []
    for ask in held.check_in:
        whom = (types.get(ask.visit) if ask.visit else None, ask.youngest, ask.oldest)
        kind = steps.get(ask.form) if ask.form else ask.step
        if kind is None:
            continue  # a shipped form that the office has retired
        is_known = not ask.visit or ask.visit in types
        is_here = is_known and (kind, *whom) in standing
        pieces.append(Piece(_called(ask), str(OFTEN_WORDS[ask.often]), HERE if is_here else COMES))
    return pieces


def _steps(held: CareSetting) -> dict[str, str]:
    """Return the steps that fill in a form, by its title: of the office's own forms, and of those that come along."""
    at_hand = {one.title: key for key, one in filling.forms_at_hand().items()}
    coming = {one.title: filling.key_of(one.title) for one in held.forms}
    return {title: FORM + key for title, key in (at_hand | coming).items()}


def _called(ask: CheckInAsk) -> str:
    """Return what a rule is called: its step, and of whom it is asked."""
    ages = "" if ask.youngest is None and ask.oldest is None else f"{ask.youngest or 0}-{ask.oldest or ''}"
    parts = (ask.form or str(STEP_WORDS[ask.step]), ask.visit, ages)
    return ": ".join(part for part in parts if part)


def add_rules(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Ask the setting's steps."""
    steps = _steps(held)
    types = dict(AppointmentType.objects.values_list("name", "id"))
    told = {_called(ask): ask for ask in held.check_in}
    found = {}
    for piece in pieces:
        ask = told[piece.name]
        rule = commands.add_check_in_rule(
            by,
            kind=steps[ask.form] if ask.form else ask.step,
            often=ask.often,
            is_required=ask.is_required,
            type_id=types[ask.visit] if ask.visit else None,
            youngest=ask.youngest,
            oldest=ask.oldest,
        )
        found[piece.name] = str(rule.pk)
    return found


def drop_rules(by: Actor, brought: Mapping[str, str]) -> None:
    """Let the rules go that came, and what is shipped holds again; one that the office has changed is its own."""
    for rule in CheckInRule.objects.filter(pk__in=brought.values(), dropped_at=None, version=1):
        commands.drop_check_in_rule(by, rule_id=rule.pk)
