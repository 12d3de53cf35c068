"""Coverages of the old system; a payer or plan that is not here yet comes along with the first that names it."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from daysheet.coverage import commands as coverage
from daysheet.coverage.commands import NewCoverage
from daysheet.coverage.models import Coverage, InsurancePlan, Payer
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.movein.models import OldRow
from daysheet.movein.rules.judging import Judged
from daysheet.movein.taking.coming import Came, Turn, bad, flat, otherwise, refused

SUBJECT = "coverage.coverage"
AT_ONCE = 1000


def take(turn: Turn, rows: Sequence[Judged]) -> list[Came]:
    """Enter each coverage on its patient's chart."""
    who = turn.patients(rows)
    payers = {flat(one.name): one for one in Payer.objects.all()}
    wires = {one.payer_id: one for one in payers.values()}
    plans = {(one.payer_id, flat(one.name)): one for one in InsurancePlan.objects.all()}

    made: dict[int, dict[str, list[str]]] = {}

    def one(judged: Judged) -> Came | NewCoverage:
        if held := otherwise(turn, judged):
            return held
        patient_id = who.get(str(judged.says["patient_key"]))
        if patient_id is None:
            return bad(judged, [["", "no_patient", ""]])
        payer = payers.get(flat(judged.says["payer"])) or wires.get(judged.says.get("payer_wire", ""))
        if payer is None:
            with transaction.atomic():
                payer = _payer(turn.by, judged)
            payers[flat(payer.name)] = wires[payer.payer_id] = payer
            made.setdefault(judged.number, {})["payer"] = [str(payer.pk), payer.payer_id]
        name = judged.says.get("plan") or payer.name
        plan = plans.get((payer.pk, flat(name)))
        if plan is None:
            with transaction.atomic():
                plan = coverage.add_plan(turn.by, payer_id=payer.pk, name=name, kind="other")
            plans[payer.pk, flat(name)] = plan
            made.setdefault(judged.number, {})["plan"] = [str(plan.pk)]
        return _card(turn, judged, patient_id, plan)

    came, cards = turn.sorted_out(rows, one)
    entered = _entered(turn.by, [card for _, card in cards]) if cards else []
    for (judged, _told), card in zip(cards, entered, strict=True):
        if isinstance(card, Refusal):
            came.append(refused(judged, card))
        else:
            taken = Came(judged.number, judged.key, "taken", subject_kind=SUBJECT, subject_id=card.pk)
            taken.version, taken.patient_id = card.version, card.patient_id
            came.append(turn.told(judged, taken))
    for each in came:
        each.before |= made.get(each.row, {})
    return came


def undo(by: Actor, rows: Sequence[OldRow]) -> None:
    """Take out the coverages that a file entered, and the payers and plans that came with them and that nothing uses."""
    entered = {row.subject_id: row.subject_version for row in rows if row.subject_id}
    ids = list(entered)
    for start in range(0, len(ids), AT_ONCE):
        part = {one: entered[one] for one in ids[start : start + AT_ONCE]}
        coverage.take_back_coverages(by, versions=part, reason="taken in by mistake")
    if not rows:
        return
    told = OldRow.objects.filter(file_id=rows[0].file_id).exclude(before={}).values_list("before", flat=True)
    plans = [UUID(one["plan"][0]) for one in told if "plan" in one]
    wires = {UUID(one["payer"][0]): one["payer"][1] for one in told if "payer" in one}
    if plans or wires:
        coverage.take_back_payers(by, plan_ids=plans, wires=wires)


def _entered(by: Actor, cards: Sequence[NewCoverage]) -> list[Coverage | Refusal]:
    """Enter cards together, or one by one where somebody enters a plan for one of the patients at the same moment."""
    try:
        with transaction.atomic():
            return coverage.add_coverages(by, cards=cards)
    except coverage.RankIsTaken:
        return [_alone(by, card) for card in cards]


def _alone(by: Actor, card: NewCoverage) -> Coverage | Refusal:
    try:
        with transaction.atomic():
            return coverage.add_coverages(by, cards=[card])[0]
    except coverage.RankIsTaken as no:
        return no


def _card(turn: Turn, judged: Judged, patient_id: UUID, plan: InsurancePlan) -> Came | NewCoverage:
    says = judged.says
    relation = says.get("relationship", "self")
    if relation != "self" and not (says.get("subscriber_family") and says.get("subscriber_born_on")):
        return bad(judged, [["", "no_subscriber", ""]])
    last = says.get("ends_on")
    return NewCoverage(
        patient_id=patient_id,
        plan_id=plan.pk,
        member_id=says["member_id"],
        group_number=says.get("group", ""),
        relationship=relation,
        subscriber_family=says.get("subscriber_family", "") if relation != "self" else "",
        subscriber_given=says.get("subscriber_given", "") if relation != "self" else "",
        subscriber_born_on=says.get("subscriber_born_on") if relation != "self" else None,
        subscriber_sex=says.get("subscriber_sex", "") if relation != "self" else "",
        starts_on=says.get("starts_on") or date(turn.today.year, 1, 1),
        ends_on=last + timedelta(days=1) if last else None,
        rank=says.get("rank", 1),
        is_derived="starts_on" not in says,
    )


def _payer(by: Actor, judged: Judged) -> Payer:
    name = judged.says["payer"]
    wire = judged.says.get("payer_wire") or f"OLD-{''.join(flat(name).upper().split())[:40]}"
    return coverage.add_payer(by, name=name, payer_id=wire)
