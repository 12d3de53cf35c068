"""The downtime packet: a day of a door on paper, with all that the desk needs when nothing else works."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.coverage import protecting
from daysheet.coverage import queries as coverage
from daysheet.coverage.models import Coverage
from daysheet.coverage.rules.protection import Protection
from daysheet.documents.models import Document
from daysheet.documents.rules import KEPT_FOR, needed
from daysheet.frontdesk import blanks, rules
from daysheet.kernel.access import Actor
from daysheet.ledger import queries as ledger
from daysheet.ledger.asking import askings
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.patients import care, people
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.patients.paying import who_pays
from daysheet.patients.people import Around
from daysheet.patients.people_forms import TOPIC_WORDS
from daysheet.patients.rules.standing import Answer
from daysheet.practice.models import Location, OpeningHours
from daysheet.schedule import papers, queries
from daysheet.schedule.models import Absence, Appointment, ProviderHours
from daysheet.ui import words

KIND, CHART_KIND = "packet", "packet_chart"
AHEAD = timedelta(days=rules.LOOKED_AHEAD)


@dataclass(frozen=True, slots=True)
class PatientSheet:
    """What the face sheet of one patient says."""

    patient: Patient
    visits: Sequence[Appointment]
    plans: Sequence[Coverage]
    standing: str
    copay: str
    owes: Decimal
    credit: Decimal
    people: Sequence[Around] = ()
    """Who stands around the patient, with what each may on the day."""
    pays: str = ""
    care: Sequence[str] = ()
    """What is read out of a child in the care of an agency."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A day of a door, with a sheet for each patient."""

    place: Location
    day: date
    visits: Sequence[Appointment]
    sheets: Sequence[PatientSheet]

    @property
    def title(self) -> str:
        """Return what the packet is called in every list; it names no patient."""
        return _("Downtime packet, %(place)s, %(day)s") % self._where

    @property
    def chart_title(self) -> str:
        """Return what the list of allergies is called."""
        return _("Allergies for the downtime, %(place)s, %(day)s") % self._where

    @property
    def _where(self) -> dict[str, str]:
        return {"place": self.place.name, "day": words.day(self.day)}

    @property
    def patient_ids(self) -> list[UUID]:
        """Return whom it names."""
        return [one.patient.pk for one in self.sheets]


def packet(place: Location, day: date) -> Packet:
    """Return what the packet of a day says: as many statements for any number of patients, children in care apart."""
    visits = queries.on_paper(day, place.pk)
    by_patient: dict[UUID, list[Appointment]] = defaultdict(list)
    for one in visits:
        by_patient[one.patient_id].append(one)
    plans = coverage.coverages_of(list(by_patient), day)
    stands = coverage.standing_of([one for held in plans.values() for one in held], day)
    money = ledger.banner_part(list(by_patient))
    shields = protecting.protections({one: [day] for one in by_patient})
    asked = askings(list(by_patient))
    around = people.around_of([theirs[0].patient for theirs in by_patient.values()], today=day)
    sheets = [
        _sheet(
            theirs,
            plans[patient_id],
            stands,
            money[patient_id] | {"owes": money[patient_id]["owes"] - asked[patient_id].off},
            shields.get((patient_id, day)),
            around[patient_id],
            day,
        )
        for patient_id, theirs in by_patient.items()
    ]
    sheets.sort(key=lambda one: (one.patient.family.casefold(), one.patient.given.casefold()))
    return Packet(place, day, visits, sheets)


def drawn(by: Actor, found: Packet) -> bytes:
    """Return the packet as PDF."""
    made = papers.made(by.now, found.place.zone)
    facts = {
        "title": _("Downtime packet"),
        "foot": f"{words.day(found.day)} · {made}",
        "facts": [
            [_("Day"), words.day(found.day)],
            [_("Location"), found.place.name],
            [_("Visits"), str(len(found.visits))],
        ],
        "notes": _notes(found),
        "parts": papers.parts(found.visits),
        "sheets": [_face_sheet(one) for one in found.sheets],
        "forms": blanks.forms(),
    }
    return pdf.render("packet", letters.frame(by) | facts)


def allergies_drawn(by: Actor, found: Packet) -> bytes:
    """Return the allergies of a day's patients as PDF: for those who may see the chart, apart from the packet."""
    known = patients.allergies_of(found.patient_ids)
    none = _("none on file")
    rows = [
        [
            papers.at(one.starts_at, found.place.zone),
            str(one.patient),
            words.born(one.patient.born_on),
            str(one.patient.chart_number),
            str(one.provider),
            "; ".join(known[one.patient_id]) or none,
        ]
        for one in found.visits
    ]
    labels = (_("Time"), _("Patient"), _("Born"), _("Chart"), _("With"), _("Allergies"))
    is_wide = {1, 5}
    columns = [
        {"label": one} if n in is_wide else {"label": one, "width": "auto"} for n, one in enumerate(labels)
    ]
    facts = {
        "title": _("Allergies for the downtime"),
        "foot": f"{words.day(found.day)} · {papers.made(by.now, found.place.zone)}",
        "facts": [[_("Day"), words.day(found.day)], [_("Location"), found.place.name]],
        "columns": columns,
        "rows": rows,
        "notes": [
            _("What was imported with the chart. None on file does not mean none: ask the patient.")
            if rows
            else _("Nobody is booked on this day.")
        ],
    }
    return pdf.render("table", letters.frame(by) | facts)


def kept(by: Actor) -> QuerySet[Document]:
    """Return the papers of the last days that the reader may open, the newest first, without their bytes."""
    kinds = [kind for kind in (KIND, CHART_KIND) if by.can(needed(kind))]
    rows = Document.objects.filter(kind__in=kinds, made_at__gte=by.now - KEPT_FOR[KIND])
    return rows.defer("content").order_by("-made_at", "-number")


def next_open_days(places: Sequence[Location], first: Mapping[UUID, date]) -> dict[UUID, date]:
    """Return for each door the next day on which it is open, from a first day on: four statements."""
    open_on: dict[UUID, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    ids = [one.pk for one in places]
    for row in OpeningHours.objects.filter(location_id__in=ids):
        open_on[row.location_id][row.weekday].append((row.opens, row.closes))
    told = set(open_on)
    for hours in ProviderHours.objects.filter(location_id__in=ids):
        if (
            hours.location_id not in told
        ):  # a door without hours of its own is open when somebody sees patients there
            open_on[hours.location_id][hours.weekday].append((hours.begins, hours.ends))
    since = min(first.values(), default=date.max - AHEAD)
    rows = Appointment.objects.holding().filter(on_day__gte=since, on_day__lt=since + AHEAD)
    booked = set(rows.order_by().values_list("location_id", "on_day").distinct())
    closures = list(Absence.objects.filter(provider=None, ends_at__gte=_midnight(since, places)))
    found: dict[UUID, date] = {}
    for place in places:
        mine = [one for one in closures if one.location_id in (None, place.pk)]
        week = open_on[place.pk]

        def is_open(day: date, place: Location = place, mine: list[Absence] = mine, week: Any = week) -> bool:
            if (place.pk, day) in booked:
                return True
            spans = [
                (datetime.combine(day, a, place.zone), datetime.combine(day, b, place.zone))
                for a, b in week[day.weekday()]
            ]
            return any(
                not any(one.starts_at <= begins and one.ends_at >= ends for one in mine)
                for begins, ends in spans
            )

        found[place.pk] = rules.next_open_day(first[place.pk], is_open)
    return found


def _midnight(day: date, places: Sequence[Location]) -> datetime:
    return min(
        (datetime.combine(day, time(), one.zone) for one in places),
        default=datetime.combine(day, time(), UTC),
    )


def _notes(found: Packet) -> list[str]:
    if not found.visits:
        return [_("Nobody is booked on this day. The blank forms follow.")]
    return [
        _("The schedule, a face sheet for each patient by name, and blank forms. Shred it when it is over.")
    ]


def _sheet(
    visits: Sequence[Appointment],
    plans: Sequence[Coverage],
    stands: Mapping[UUID, Any],
    money: Mapping[str, Any],
    shield: Protection | None,
    around: Sequence[Around],
    day: date,
) -> PatientSheet:
    first = next((one for one in plans if one.rank == 1), None)
    standing = stands[first.pk] if first else None
    owes, credit = money["owes"], money["credit"]
    kind = next((one.type for one in visits if one.type.takes_copay), None)
    if any(stands[one.pk].is_qmb for one in plans):
        copay = _("none: ask the patient for nothing (QMB)")
    elif kind is None:
        copay = _("none: this kind of visit takes no copay")
    elif shield is not None:
        most = shield.for_service(kind.copay_service).allowed
        copay = words.usd(most) if most else _("none: Medicaid pays in full")
    elif standing is None:
        copay = _("not known: no plan on this day")
    else:
        due = standing.copay_for(kind.copay_service)
        copay = _("not known: look at the card") if due is None else words.usd(due)
    said = standing.words if standing else _("No plan on this day")
    who, left = visits[0].patient, max(owes - credit, Decimal(0))
    pays, read = _who_pays(who, around, day), [one.words for one in care.lines(who, today=day)]
    return PatientSheet(who, visits, plans, said, copay, left, credit, around, pays, read)


def _face_sheet(one: PatientSheet) -> dict[str, Any]:
    who = one.patient
    facts = [
        [_("Name"), " ".join(filter(None, [who.given, who.middle, who.family, who.suffix]))],
        [_("Born"), words.born(who.born_on)],
        [_("Chart"), str(who.chart_number)],
        [_("Sex"), who.get_sex_display()],
        [_("Address"), _address(who)],
        [_("Phones"), ", ".join(_phone(row) for row in who.phones.all()) or _("none on file")],
        *([[_("Language"), who.language]] if who.language not in ("", "en") else []),
        *([[_("Interpreter"), _("needed")]] if who.needs_interpreter else []),
        [_("Emergency"), "; ".join(_contact(row) for row in who.contacts.all() if row.is_emergency)],
        [_("Who pays"), one.pays],
        [_("Copay due"), one.copay],
        [_("Balance owed"), words.usd(one.owes)],
        [_("Plan says"), one.standing],
        [_("Allergies"), _("ask the patient, and write them on the check-in sheet")],
    ]
    rows = [
        [
            str(held.rank),
            f"{held.plan.payer.name}, {held.plan.name}"
            if held.plan.payer.name != held.plan.name
            else held.plan.name,
            held.member_id,
            held.group_number,
            held.get_relationship_display(),
        ]
        for held in one.plans
    ]
    visits = [
        [papers.at(row.starts_at, row.location.zone), str(row.provider), row.type.name] for row in one.visits
    ]
    return {
        "title": str(who),
        "facts": [[label, value or _("none on file")] for label, value in facts],
        "parts": [
            _table(_("Visits"), [_("Time"), _("With"), _("Visit")], visits),
            *([_people(one.people)] if one.people else []),
            *(
                [
                    _table(
                        _("Coverage"),
                        [_("Rank"), _("Plan"), _("Member ID"), _("Group"), _("Holder is")],
                        rows,
                    )
                ]
                if rows
                else []
            ),
        ],
        "notes": [*one.care, *([] if rows else [_("No coverage on this day.")])],
    }


def _table(title: str, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    first, *others = labels
    columns = [{"label": first, "width": "auto"}, *({"label": one} for one in others)]
    return {"title": title, "columns": columns, "rows": rows}


def _address(at: Any) -> str:
    town = f"{at.city}, {at.state} {at.zip}".strip(" ,")
    return ", ".join(line for line in (at.street, getattr(at, "street2", ""), town) if line)


def _phone(row: Any) -> str:
    said = f"{words.phone(row.number)} ({row.kind})"
    return said if row.may_leave_message else _("%(phone)s, leave no message") % {"phone": said}


def _contact(row: Any) -> str:
    said = ", ".join(filter(None, [row.name, row.relationship]))
    return f"{said} {words.phone(row.phone)}".strip()


def _people(around: Sequence[Around]) -> dict[str, Any]:
    """Return who stands around a patient and what each may, as the page of the people says it."""
    rows = [
        [_contact(one.contact), *(_answer(one.answers[act]) for act in ("bring", "hear", "sign", "owe"))]
        for one in around
    ]
    labels = [_("People"), _("May bring"), _("May be told"), _("May sign"), _("Owes")]
    return _table(_("People: who may what on this day"), labels, rows)


def _answer(one: Answer) -> str:
    said = {"yes": _("yes"), "limits": _("within limits"), "no": _("NO"), "ask": _("ask")}[one.word]
    topics = ", ".join(str(TOPIC_WORDS[topic]) for topic in one.topics)
    return f"{said}: {topics}" if topics else said


def _who_pays(who: Patient, around: Sequence[Around], day: date) -> str:
    """Return who pays for a patient, and where a bill goes to if that is somebody else."""
    found = who_pays(who, today=day, around=around)
    if found.at is None or found.at is who:
        return found.words
    return ", ".join(
        filter(None, [found.words, _address(found.at), words.phone(getattr(found.at, "phone", ""))])
    )
