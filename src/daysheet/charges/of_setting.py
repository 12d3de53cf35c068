"""What a care setting brings to the prices: sample fees, usual services of visits, what self-pay takes off."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.charges import commands
from daysheet.charges.models import EstimatePolicy, FeeItem, UsualService
from daysheet.charges.rules.kinds import DENTAL
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day
from daysheet.kernel.models import Practice
from daysheet.practice.care_settings import SAMPLE, CareSetting
from daysheet.practice.setting_parts import COMES, HERE, RETIRED, Part, Piece, brings
from daysheet.schedule.models import AppointmentType


def register() -> None:
    """Register the three parts."""
    brings(Part("fees", 50, sample_fees, add_fees, end_fees))
    brings(Part("services", 51, services, add_services, remove_services))
    brings(Part("estimates", 52, discount, add_discount, leave_discount))


def sample_fees(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return the fees of a setting, each by its code: it is here while it has a price without an end."""
    here: dict[str, str] = {}
    for code, ends_on in FeeItem.objects.order_by("starts_on").values_list("code", "ends_on"):
        here[code] = HERE if ends_on is None else RETIRED
    return [Piece(one.code, f"{one.label}, ${one.amount}", here.get(one.code, COMES)) for one in held.fees]


def add_fees(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Put sample prices on the schedule from today on, each marked as a sample."""
    told = {one.code: one for one in held.fees}
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    found = {}
    for piece in pieces:
        one = told[piece.name]
        item = commands.set_fee(
            by,
            code=one.code,
            label=f"{one.label} ({SAMPLE})",
            amount=one.amount,
            starts_on=today,
            is_favourite=one.is_favourite,
            is_dental=held.claim == DENTAL,
            revenue_code=one.revenue,
            mouth_need=one.mouth_need,
            is_prosthesis=one.is_prosthesis,
        )
        found[piece.name] = str(item.pk)
    return found


def end_fees(by: Actor, brought: Mapping[str, str]) -> None:
    """End the prices that still are samples; what the office has priced itself stays."""
    standing = FeeItem.objects.filter(pk__in=brought.values(), ends_on=None, label__endswith=f"({SAMPLE})")
    for item in standing:
        commands.end_fee(by, fee_id=item.pk)


def services(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return what is usually done at the setting's kinds of visit."""
    here = set(UsualService.objects.values_list("type__name", "code"))
    words = {one.code: one.label for one in held.fees}
    return [
        Piece(f"{name}: {code}", words[code], HERE if (name, code) in here else COMES)
        for name, codes in held.services.items()
        for code in codes
    ]


def add_services(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Say what is usually done at kinds of visit; the first of them is the visit itself where it takes a copay."""
    kinds = {one.name: one for one in AppointmentType.objects.all()}
    wanted, found = {piece.name for piece in pieces}, {}
    for name, codes in held.services.items():
        for place, code in enumerate(codes):
            if f"{name}: {code}" in wanted and name in kinds:
                is_visit = place == 0 and kinds[name].takes_copay
                row = commands.set_usual_service(by, type_id=kinds[name].pk, code=code, is_visit=is_visit)
                found[f"{name}: {code}"] = str(row.pk)
    return found


def remove_services(by: Actor, brought: Mapping[str, str]) -> None:
    """Expect the services no more that came; one whose units the office has changed is its own."""
    for row in UsualService.objects.filter(pk__in=brought.values(), units=1):
        commands.remove_usual_service(by, usual_id=row.pk)


def discount(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return what comes off for who pays without a plan: it comes where the office has not said."""
    if held.discount_percent is None:
        return []
    state = HERE if EstimatePolicy.objects.exists() else COMES
    return [Piece(_("Without a plan"), _("%(n)s %% off") % {"n": held.discount_percent}, state)]


def add_discount(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Say what comes off."""
    assert held.discount_percent is not None
    policy = commands.set_estimate_policy(
        by, version=0, discount_percent=held.discount_percent, others_note=held.others_note
    )
    return {piece.name: str(policy.pk) for piece in pieces}


def leave_discount(by: Actor, brought: Mapping[str, str]) -> None:
    """Leave what was said to patients as it is."""
