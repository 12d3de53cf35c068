"""Readings of recalls: who is due, what was done about it, what comes next; as many statements for one as for many."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from daysheet.kernel.clock import local_day
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.mailroom import queries as mail
from daysheet.patients.models import Patient, PatientPhone
from daysheet.schedule import followers
from daysheet.schedule.models import (
    Appointment,
    NoRecalls,
    Recall,
    RecallContact,
    RecallRun,
    RecallSending,
    RecallStep,
    RecallType,
    ReminderWish,
    WaitlistEntry,
)
from daysheet.schedule.recalling import LISTS, TRIES_OF_A_WAY, Step, list_of, months_of, step_after, step_due
from daysheet.schedule.reminding import is_awake

OPEN = ("waiting", "offered")
A_DAY = timedelta(days=1)
GONE = (Patient.Status.DECEASED, Patient.Status.INACTIVE)
"""Who is written to by nobody, and stands on no list."""
CHANGED = """
with seen as (
  select t.id as type_id, a.patient_id, max(a.on_day) as last_on
  from recall_type t
  join appointment a on a.practice_id = %(practice)s and a.booking = 'completed' and a.type_id = any(t.after_types)
  where t.practice_id = %(practice)s and t.is_active
    and (%(type)s::uuid is null or t.id = %(type)s) and (%(patient)s::uuid is null or a.patient_id = %(patient)s)
  group by t.id, a.patient_id),
kept as (
  select r.id, r.type_id, r.patient_id, r.last_on, r.worked_out_on, r.own_due_on, r.own_reason, r.own_every_months,
         r.set_before_on, r.set_before_reason, r.gave_way_on
  from recall r
  join recall_type t on t.id = r.type_id and t.is_active
  where r.practice_id = %(practice)s
    and (%(type)s::uuid is null or r.type_id = %(type)s) and (%(patient)s::uuid is null or r.patient_id = %(patient)s)),
both_of as (
  select coalesce(s.type_id, k.type_id) as type_id, coalesce(s.patient_id, k.patient_id) as patient_id,
         s.last_on, k.id, k.last_on as was_on, k.worked_out_on as was_due, k.own_due_on, k.own_reason,
         k.set_before_on, k.set_before_reason, k.gave_way_on, k.own_every_months
  from seen s full join kept k on k.type_id = s.type_id and k.patient_id = s.patient_id),
told as (
  select b.*, (b.last_on + make_interval(months => coalesce(b.own_every_months, t.every_months)))::date as due,
         t.youngest, t.oldest, t.for_sex, p.born_on, p.sex, p.status
  from both_of b join recall_type t on t.id = b.type_id join patient p on p.id = b.patient_id),
judged as (
  select told.*, case when status <> 'deceased' and (for_sex = '' or for_sex = sex)
    and extract(year from age(due, born_on)) between coalesce(youngest, 0) and coalesce(oldest, 999)
    then due end as worked,
    own_due_on is not null and last_on is not null and (was_on is null or last_on > was_on) as gives_way,
    own_due_on is null and set_before_on is not null and (last_on is null or last_on < gave_way_on) as stands_again
  from told)
select type_id, patient_id, last_on, worked,
       case when gives_way then null when stands_again then set_before_on else own_due_on end,
       coalesce(case when gives_way then '' when stands_again then set_before_reason else own_reason end, ''),
       case when gives_way then own_due_on when not stands_again then set_before_on end,
       coalesce(case when gives_way then own_reason when not stands_again then set_before_reason end, ''),
       case when gives_way then last_on when not stands_again then gave_way_on end
from judged
where id is null or was_on is distinct from last_on or was_due is distinct from worked
order by patient_id, type_id
"""


@dataclass(frozen=True, slots=True)
class RecallLine:
    """Somebody who is due, as the list and the page show it."""

    recall: Recall
    phone: str
    booked: Appointment | None
    waits: bool
    step: Step | None
    """What is to be done now."""
    way: str
    """By which way: the step's, or the one that stands in where it does not lead to the patient."""
    after: Step | None
    """The step that comes next."""
    contacts: Sequence[RecallContact] = ()
    """What was done about this due day, the latest first."""
    no_recalls: bool = False

    @property
    def months(self) -> int:
        """Return in how many months it comes again."""
        return self.recall.every_months


@dataclass(slots=True)
class Reach:
    """By which ways patients may be reached."""

    email: dict[UUID, str] = field(default_factory=dict)
    sms: dict[UUID, str] = field(default_factory=dict)
    post: set[UUID] = field(default_factory=set)

    def leads(self, way: str, patient_id: UUID) -> bool:
        """Return whether a way leads to a patient; the desk's call always does."""
        return {
            "email": patient_id in self.email,
            "sms": patient_id in self.sms,
            "letter": patient_id in self.post,
        }.get(way, True)


def changed(*, type_id: UUID | None = None, patient_id: UUID | None = None) -> list[tuple[Any, ...]]:
    """Return whose recall follows anew: type, patient, last visit, due day, the set day that still counts, why;
    then the set day that a visit has made void, why it was set, and on which day that visit was.
    """
    asked = {"practice": acting_practice_id(), "type": type_id, "patient": patient_id}
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, asked)
        return list(cursor.fetchall())


def types() -> QuerySet[RecallType]:
    """Return the visits that come again, by name."""
    rows = RecallType.objects.filter(is_active=True).select_related("visit_type")
    return rows.prefetch_related("steps").order_by("name")


def retired_types() -> QuerySet[RecallType]:
    """Return those that are used no more."""
    return RecallType.objects.filter(is_active=False).order_by("name")


def recall_type(type_id: UUID) -> RecallType | None:
    """Return one, or None."""
    rows = RecallType.objects.select_related("visit_type").prefetch_related("steps")
    return rows.filter(pk=type_id).first()


def owes(patient_id: UUID) -> bool:
    """Return whether a patient owes something; who asks holds the account until the end."""
    return any(rows().filter(patient_id=patient_id).select_for_update().first() for rows in followers.owing)


def paid_since() -> QuerySet[Recall]:
    """Return the recalls that are stopped until the balance is paid, of patients who owe nothing any more."""
    rows = Recall.objects.filter(stopped=Recall.Stopped.BALANCE)
    for owing in followers.owing:
        rows = rows.exclude(patient_id__in=owing())
    return rows


def recall(recall_id: UUID) -> Recall | None:
    """Return one patient's recall, or None."""
    return _with_people(Recall.objects.filter(pk=recall_id)).first()


def of_patient(patient_id: UUID) -> QuerySet[Recall]:
    """Return what a patient is due for, the next first."""
    rows = Recall.objects.filter(patient_id=patient_id, type__is_active=True, due_on__isnull=False)
    return _with_people(rows).order_by("due_on", "id")


def listed(name: str, *, today: date, now: datetime, type_id: UUID | None = None) -> QuerySet[Recall]:
    """Return who stands on a list, the longest due first; who is booked for it stands on none but the stopped."""
    rows = _living(today=today, now=now)
    if type_id:
        rows = rows.filter(type_id=type_id)
    chosen = name if name in LISTS else "overdue"
    order = ("-stopped_at", "id") if chosen == "stopped" else ("due_on", "id")
    return _with_people(rows.filter(_on_list(chosen, today))).order_by(*order)


def counts(*, today: date, now: datetime) -> dict[str, int]:
    """Return how many stand on each list; two statements, in which the booked are looked up once for all."""
    rows = _living(today=today, now=now)
    told = dict.fromkeys(LISTS, 0)
    facts = ("due_on", "type__lapses_after_months", "type__most_contacts", "tries")
    for due_on, lapses_after, most, tries in rows.filter(_goes_on(today)).values_list(*facts):
        name = list_of(due_on, today, lapses_after) if due_on else ""
        if name and (name != "lapsed" or (tries or 0) < most):
            told[name] += 1
    return told | {"stopped": rows.filter(_on_list("stopped", today)).count()}


def lines(rows: Sequence[Recall], *, today: date, now: datetime, ways: frozenset[str]) -> list[RecallLine]:
    """Return recalls as they are shown, with what was done and what is next; a fixed number of statements."""
    patient_ids = [one.patient_id for one in rows]
    reached = reach(patient_ids, ways)
    done: dict[UUID, list[RecallContact]] = {}
    for one in contacts_of([row.pk for row in rows]):
        done.setdefault(one.recall_id, []).append(one)
    phones = _phones(patient_ids)
    booked = _booked(rows, today, now)
    waits = set(
        WaitlistEntry.objects.filter(patient_id__in=patient_ids, state__in=OPEN).values_list(
            "patient_id", "type_id"
        )
    )
    silent = set(NoRecalls.objects.filter(patient_id__in=patient_ids).values_list("patient_id", flat=True))
    made = []
    for row in rows:
        about = [one for one in done.get(row.pk, []) if one.due_on == row.due_on]
        fell = Counter(one.way for one in about if has_fallen(one, now))
        steps = [Step(one.days, one.way) for one in row.type.steps.all()]
        step = after = None
        if row.due_on and not row.stopped_on(today) and row.patient_id not in silent:
            stands = {one.days for one in about if one.days is not None and not has_fallen(one, now)}
            step = step_due(steps, row.due_on, today, stands)
            after = step_after(steps, row.due_on, today)
        made.append(
            RecallLine(
                row,
                phones.get(row.patient_id, ""),
                booked.get((row.patient_id, row.type.visit_type_id)),
                (row.patient_id, row.type.visit_type_id) in waits,
                step,
                way_for(step, row.patient_id, reached, [way for way in fell if fell[way] >= TRIES_OF_A_WAY]),
                after,
                about,
                row.patient_id in silent,
            )
        )
    return made


def way_for(
    step: Step | None, patient_id: UUID, reached: Reach, given_up: Collection[str] = frozenset()
) -> str:
    """Return by which way a step goes to a patient: its own, else the first that leads there, at last a call.

    A way by which messages came back is given up.
    """
    if step is None:
        return ""
    turn = (step.way, *(one for one in ("email", "sms", "letter") if step.way in ("email", "sms")), "call")
    return next(way for way in turn if reached.leads(way, patient_id) and way not in given_up)


def contacts_of(recall_ids: Iterable[UUID]) -> QuerySet[RecallContact]:
    """Return what was done about recalls and stands, each with its message, the latest first."""
    rows = RecallContact.objects.filter(recall_id__in=list(recall_ids), taken_back_at__isnull=True)
    return rows.select_related("envelope").defer("envelope__content").order_by("-at", "-id")


def has_fallen(made: RecallContact, now: datetime) -> bool:
    """Return whether a message reached nobody and leaves no more: its step is to be done again.

    What has no last moment is tried on from the mailroom, and a person is asked there.
    """
    sent = made.envelope
    if sent is None or sent.not_after is None:
        return False
    return sent.came_back and (not sent.is_kept_here or sent.not_after <= now)


def fallen(now: datetime) -> Q:
    """Return the same of contacts as the database asks it."""
    is_over = Q(envelope__state="queued", envelope__next_try_at__isnull=True, envelope__not_after__lte=now)
    came_back = Q(envelope__state__in=("failed", "rejected"))
    return Q(envelope__not_after__isnull=False) & (came_back | is_over)


def contact(contact_id: UUID) -> RecallContact | None:
    """Return one contact, or None."""
    return RecallContact.objects.filter(pk=contact_id).select_related("recall").first()


def asks_for_none(patient_id: UUID) -> NoRecalls | None:
    """Return that a patient asks for no contact about recalls, if so."""
    return NoRecalls.objects.filter(patient_id=patient_id).first()


def reach(patient_ids: Sequence[UUID], ways: frozenset[str]) -> Reach:
    """Return by which of the open ways patients may be written to; the chart, their wishes and their STOP say so."""
    found = Reach()
    rows = Patient.objects.filter(id__in=patient_ids).values_list("id", "email", "street")
    wishes = ReminderWish.objects.filter(patient_id__in=patient_ids)
    said = wishes.filter(Q(no_email=True) | Q(no_reminders=True)).values_list("patient_id", "no_reminders")
    no_email, nothing = {who for who, _none in said}, {who for who, none in said if none}
    phones = PatientPhone.objects.filter(patient_id__in=patient_ids, may_text=True)
    texts = dict(
        phones.order_by("patient_id", "rank", "id").distinct("patient_id").values_list("patient_id", "number")
    )
    none = mail.want_none([*texts.values(), *(email for _id, email, _street in rows if email)])
    for patient_id, email, street in rows:
        if patient_id in nothing:
            continue
        if street:
            found.post.add(patient_id)
        if email and "email" in ways and patient_id not in no_email and ("email", email) not in none:
            found.email[patient_id] = email
    for patient_id, number in texts.items():
        if "sms" in ways and patient_id not in nothing and ("sms", number) not in none:
            found.sms[patient_id] = number
    return found


def _with_people(rows: QuerySet[Recall]) -> QuerySet[Recall]:
    return rows.select_related("patient", "type__visit_type").prefetch_related("type__steps")


def steps_to_do(*, today: date, now: datetime, calls: bool = True) -> QuerySet[Recall]:
    """Return whose step of the ladder has come and is not done, on the lists that are worked every day.

    Without `calls` only what is written: a call waits for a person.
    """
    step = RecallStep.objects.filter(type_id=OuterRef("type_id"), days__lte=_days_past(today))
    done = RecallContact.objects.filter(
        ~fallen(now),
        recall_id=OuterRef("id"),
        due_on=OuterRef("due_on"),
        days=OuterRef("step_days"),
        taken_back_at__isnull=True,
    )
    rows = _living(today=today, now=now).filter(
        _on_list("overdue", today) | _on_list("month", today) | _on_list("next", today)
    )
    last = step.order_by("-days")
    rows = rows.annotate(
        step_days=Subquery(last.values("days")[:1]), step_way=Subquery(last.values("way")[:1])
    )
    rows = rows.filter(~Exists(done), step_days__isnull=False)
    if not calls:
        rows = rows.exclude(step_way=RecallStep.Way.CALL)
    return _with_people(rows).order_by("due_on", "id")


def steps_never_done(*, today: date, now: datetime, calls: bool = True) -> QuerySet[Recall]:
    """Return those of them whose step nobody has done and taken back: that was a decision."""
    undone = RecallContact.objects.filter(
        recall_id=OuterRef("id"),
        due_on=OuterRef("due_on"),
        days=OuterRef("step_days"),
        taken_back_at__isnull=False,
    )
    return steps_to_do(today=today, now=now, calls=calls).filter(~Exists(undone))


def sending() -> RecallSending | None:
    """Return whether and when recalls go out by themselves, or None where nobody has chosen."""
    return RecallSending.objects.first()


def goes_now(practice: Practice, now: datetime) -> bool:
    """Return whether letters and messages are to go by themselves now: switched on, within the hours, not yet today."""
    kept = sending()
    if kept is None or not kept.is_on or not is_awake(now, kept.from_clock, kept.to_clock, practice.zone):
        return False
    return not RecallRun.objects.filter(on_day=local_day(now, practice.zone), is_over=True).exists()


def runs() -> QuerySet[RecallRun]:
    """Return what went out by itself, the last day first."""
    return RecallRun.objects.order_by("-on_day")


def _days_past(today: date) -> Func:
    """Return how many days ago the outer row was due."""
    days = Value(today, output_field=DateField())
    return Func(
        days,
        OuterRef("due_on"),
        template="(%(expressions)s)",
        arg_joiner="::date - ",
        output_field=IntegerField(),
    )


def _living(*, today: date, now: datetime) -> QuerySet[Recall]:
    """Return recalls that may stand on a list, with whether the patient is booked or wants to hear of none."""
    booked = Appointment.objects.filter(
        patient_id=OuterRef("patient_id"),
        type_id=OuterRef("type__visit_type_id"),
        booking="scheduled",
        on_day__gte=today - A_DAY,  # reaches the index by day
    ).filter(_is_to_come(today, now))
    about = {"recall_id": OuterRef("id"), "due_on": OuterRef("due_on"), "taken_back_at__isnull": True}
    tries = RecallContact.objects.filter(~fallen(now), **about).order_by().values("recall_id")
    lapsed_on = Func(
        Value(today, output_field=DateField()),
        F("type__lapses_after_months"),
        template="(%(expressions)s))",
        arg_joiner="::date - make_interval(months => ",
        output_field=DateField(),
    )
    rows = Recall.objects.filter(
        Q(due_on__lte=months_of(today).next_ends) | ~Q(stopped=""),
        type__is_active=True,
        due_on__isnull=False,
    )
    return rows.exclude(patient__status__in=GONE).annotate(
        is_booked=_once(Exists(booked)),
        is_silent=_once(Exists(NoRecalls.objects.filter(patient_id=OuterRef("patient_id")))),
        lapsed_on=lapsed_on,
        tries=Subquery(tries.annotate(n=Count("id")).values("n")),
    )


def _once(found: Exists) -> Coalesce:
    """Return the same, asked so that the database looks all up at once and not anew for each row."""
    return Coalesce(found, Value(False))


def _is_stopped(today: date) -> Q:
    return ~Q(stopped="") & (Q(stopped_until__isnull=True) | Q(stopped_until__gt=today))


def _goes_on(today: date) -> Q:
    return ~_is_stopped(today) & Q(is_booked=False, is_silent=False)


def _on_list(name: str, today: date) -> Q:
    if name == "stopped":
        return _is_stopped(today) | Q(is_silent=True)
    cut = months_of(today)
    few = Q(tries__isnull=True) | Q(tries__lt=F("type__most_contacts"))
    days = {
        "overdue": Q(due_on__lt=today, due_on__gte=F("lapsed_on")),
        "month": Q(due_on__gte=today, due_on__lte=cut.month_ends),
        "next": Q(due_on__gt=cut.month_ends, due_on__lte=cut.next_ends),
        "lapsed": Q(due_on__lt=F("lapsed_on")) & few,
    }
    return _goes_on(today) & days[name]


def _phones(patient_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = PatientPhone.objects.filter(patient_id__in=patient_ids).order_by("patient_id", "rank", "id")
    return dict(rows.distinct("patient_id").values_list("patient_id", "number"))


def _is_to_come(today: date, now: datetime) -> Q:
    """Return whether a booked visit is to come, or is of today: who is late or in the house is not due for another."""
    return Q(starts_at__gte=now) | Q(on_day=today)


def _booked(rows: Sequence[Recall], today: date, now: datetime) -> dict[tuple[UUID, UUID], Appointment]:
    """Return the next visit of each patient and kind that is booked."""
    asked = Appointment.objects.filter(
        _is_to_come(today, now),
        patient_id__in=[one.patient_id for one in rows],
        type_id__in={one.type.visit_type_id for one in rows},
        booking="scheduled",
    )
    found = asked.select_related("location").order_by("-starts_at")
    return {(one.patient_id, one.type_id): one for one in found}
