"""The CSV set of Synthea as records, one for each row of its patients. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from daysheet.interop.rules.bundle import Setting
from daysheet.interop.rules.kinds import Table
from daysheet.interop.rules.people import SEX
from daysheet.interop.rules.plans import apart, member_id, plan_of
from daysheet.interop.rules.reading import (
    amount,
    bare_name,
    cents,
    day,
    fits,
    instant,
    local_day,
    postal_state,
    text,
    zip_code,
)
from daysheet.interop.rules.record import (
    UNNAMED,
    Bill,
    Clinician,
    Cover,
    Encounter,
    Person,
    Plan,
    Record,
    Skip,
)
from daysheet.kernel.money import ZERO
from daysheet.patients.rules import ChartFact, ContactFact

SYNTHEA = "https://github.com/synthetichealth/synthea"
NUMBERS = (
    ("SSN", "http://hl7.org/fhir/sid/us-ssn"),
    ("DRIVERS", "urn:oid:2.16.840.1.113883.4.3.25"),
    ("PASSPORT", "http://standardhealthrecord.org/fhir/StructureDefinition/passportNumber"),
)
CHART = {
    "conditions": ("condition", "SNOMED"),
    "allergies": ("allergy", "SNOMED"),
    "medications": ("medication", "RxNorm"),
    "immunizations": ("immunization", "CVX"),
    "procedures": ("procedure", "SNOMED"),
}
NOT_KEPT = ("observations", "care_plans", "devices", "supplies", "imaging")
METHODS = {"COPAY": "cash", "CASH": "cash", "CHECK": "check", "CC": "card", "ECHECK": "eft"}
"""A copay's means are not told; it was taken at the desk and counts as cash. Electronic checks are the plan's."""
Row = Mapping[str, str]


def records_of_tables(tables: Sequence[Table], setting: Setting) -> Iterator[Record | Skip]:
    """Return the patients of a set of tables, each with all that the tables say about them, or why not."""
    shelf = _Rows(tables)
    for row in shelf.all["patients"]:
        found = _person(row, shelf, setting)
        yield found if isinstance(found, Skip) else _Reader(shelf, row, Record(found), setting).read()


class _Rows:
    """The rows of a set, by kind and by patient."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.all: dict[str, list[dict[str, str]]] = defaultdict(list)
        for table in tables:
            self.all[table.kind] += table.rows
        self.own: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        for kind, rows in self.all.items():
            for row in rows:
                patient = row.get("PATIENT") or row.get("PATIENTID") or ""
                self.own[kind, patient].append(row)
        self.payers = {row.get("Id", ""): text(row.get("NAME")) for row in self.all["payers"]}
        self.providers = {row.get("Id", ""): row for row in self.all["providers"]}


def _person(row: Row, shelf: _Rows, setting: Setting) -> Person | Skip:
    born_on, family, given = (
        day(row.get("BIRTHDATE")),
        bare_name(row.get("LAST")),
        bare_name(row.get("FIRST")),
    )
    key = text(row.get("Id"))
    if born_on is None or born_on > setting.today:
        return Skip("patient", "The birth date is missing, not a whole day, or has not come yet.")
    if not (family and given and key):
        return Skip("patient", "The patient has no name, or no number by which to know it again.")
    died = day(row.get("DEATHDATE"))
    return Person(
        system=SYNTHEA,
        key=key,
        family=family,
        given=given,
        middle=bare_name(row.get("MIDDLE")),
        suffix=text(row.get("SUFFIX")),
        former_family=bare_name(row.get("MAIDEN")),
        born_on=born_on,
        sex=SEX.get(text(row.get("GENDER")), "U"),
        died_on=died if died and born_on <= died <= setting.today else None,
        street=text(row.get("ADDRESS")),
        city=text(row.get("CITY")),
        state=postal_state(row.get("STATE")),
        zip=zip_code(row.get("ZIP")),
        identifiers=(
            (SYNTHEA, key),
            *((system, text(row[name])) for name, system in NUMBERS if text(row.get(name))),
        ),
        contacts=_family(shelf.own["transitions", key]),
    )


def _family(transitions: Sequence[Row]) -> tuple[ContactFact, ...]:
    """Return the guardian and the spouse through whom a plan came."""
    found: dict[tuple[str, str], ContactFact] = {}
    for row in transitions:
        name, tie = bare_name(row.get("OWNERNAME")), text(row.get("OWNERSHIP")).lower()
        if name and tie in {"guardian", "spouse"}:
            found.setdefault((name, tie), ContactFact(name, tie, is_emergency=False))
    return tuple(found.values())


class _Reader:
    """Puts together what the rows say about one patient."""

    def __init__(self, shelf: _Rows, row: Row, record: Record, setting: Setting) -> None:
        self.shelf, self.record, self.setting = shelf, record, setting
        self.id = row.get("Id", "")
        self.whose = f"{record.person.system}|{record.person.key}"
        self.left_out: Counter[tuple[str, str]] = Counter()
        self.zone: ZoneInfo = setting.zone

    def read(self) -> Record:
        for row in self._rows("encounters"):
            self._encounter(row)
        for kind in CHART:
            for row in self._rows(kind):
                self._line(kind, row)
        self.record.covers = apart(self._covers(), self.record.person.died_on)
        self._bills()
        for kind in NOT_KEPT:
            if self._rows(kind):
                self.left_out[kind.replace("_", " "), "An office keeps no such record."] += len(
                    self._rows(kind)
                )
        self.record.skipped += [
            Skip(what, why, count) for (what, why), count in sorted(self.left_out.items())
        ]
        return self.record

    def _rows(self, kind: str) -> list[dict[str, str]]:
        return self.shelf.own.get((kind, self.id), [])

    def _encounter(self, row: Row) -> None:
        began = instant(row.get("START"))
        key = text(row.get("Id"))
        if began is None or began > self.setting.now or not key:
            self.left_out["encounters", "It has no beginning, or begins in the future."] += 1
            return
        ended = instant(row.get("STOP")) or began
        clinician = text(row.get("PROVIDER")) or UNNAMED
        if clinician not in self.record.clinicians:
            words = bare_name(self.shelf.providers.get(clinician, {}).get("NAME")).split()
            family, given = (words[-1], " ".join(words[:-1])) if words else ("Clinician", "Unnamed")
            self.record.clinicians[clinician] = Clinician(clinician, family, given)
        reason = text(row.get("DESCRIPTION"))
        self.record.encounters.append(
            Encounter(f"{self.whose}|Encounter|{key}", clinician, began, max(began, ended), reason)
        )

    def _line(self, kind: str, row: Row) -> None:
        label, code = text(row.get("DESCRIPTION")), text(row.get("CODE"))
        if not (label or code):
            self.left_out[kind, "It has no words."] += 1
            return
        word, system = CHART[kind]
        began = local_day(row.get("START") or row.get("DATE"), self.zone)
        ended = local_day(row.get("STOP"), self.zone)
        source = "|".join(
            [self.whose, word, row.get("START") or row.get("DATE") or "", row.get("ENCOUNTER", ""), code]
        )
        self.record.chart.append(
            ChartFact(
                word,
                label or code,
                system,
                code,
                began,
                ended if ended and began and ended >= began else None,
                source,
            )
        )

    def _covers(self) -> Iterator[Cover]:
        for row in self._rows("transitions"):
            began, ends = (
                local_day(row.get("START_YEAR"), self.zone),
                local_day(row.get("END_YEAR"), self.zone),
            )
            if began is None or began > self.setting.today:
                self.left_out["coverage", "It has no first day, or begins in the future."] += 1
                continue
            if ends and ends > self.setting.today:
                ends = None
            for rank, name in ((1, "PAYER"), (2, "SECONDARY_PAYER")):
                plan = self._plan(row.get(name, ""))
                if plan:
                    number = text(row.get("MEMBERID")) if rank == 1 else ""
                    yield Cover(plan, began, ends, number or member_id(plan, self.whose), rank)

    def _plan(self, payer: str) -> Plan | None:
        name = self.shelf.payers.get(payer, "")
        return plan_of(name, reference=self.setting.reference, whose=self.whose) if name else None

    def _bills(self) -> None:
        lines: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows("claim_lines"):
            lines[row.get("CLAIMID", "")].append(row)
        for row in self._rows("claims"):
            key, on = text(row.get("Id")), local_day(row.get("SERVICEDATE"), self.zone)
            charge, paid = _charge(lines[key]), _payments(lines[key])
            if (
                not key
                or on is None
                or on > self.setting.today
                or not (charge or paid)
                or not fits(charge, *paid.values())
            ):
                self.left_out["claims", "It has no day, no number, or no sum of money that can be."] += 1
                continue
            visit = text(row.get("APPOINTMENTID"))
            plan = self._plan(row.get("PRIMARYPATIENTINSURANCEID", ""))
            own = _own_payments(paid, with_plan=plan is not None)
            plan_paid = paid.pop("eft", ZERO) if plan else ZERO
            shares = (("3", paid.pop("copay", ZERO)), ("", sum(paid.values(), ZERO))) if plan else ()
            self.record.bills.append(
                Bill(
                    f"{self.whose}|Claim|{key}", f"{self.whose}|Encounter|{visit}", on, plan, charge, plan_paid,
                    tuple((reason, share) for reason, share in shares if share),
                    own,
                )
            )  # fmt: skip


def _payments(lines: Sequence[Row]) -> dict[str, Decimal]:
    """Return what was paid on a claim, by its means; copays for themselves."""
    sums: dict[str, Decimal] = {}
    for row in lines:
        paid = amount(row.get("PAYMENTS")) if row.get("TYPE") == "PAYMENT" else None
        if paid:
            method = text(row.get("METHOD")).upper()
            means = "copay" if method == "COPAY" else METHODS.get(method, "check")
            sums[means] = sums.get(means, ZERO) + paid
    return {means: cents(paid) for means, paid in sums.items()}


def _own_payments(paid: Mapping[str, Decimal], *, with_plan: bool) -> tuple[tuple[str, Decimal], ...]:
    """Return what the patient paid, by money account; the plan's electronic checks are not the patient's."""
    sums: dict[str, Decimal] = {}
    for means, figure in paid.items():
        if means == "eft" and with_plan:
            continue
        account = METHODS["COPAY"] if means == "copay" else means
        sums[account] = sums.get(account, ZERO) + figure
    return tuple(sums.items())


def _charge(lines: Sequence[Row]) -> Decimal:
    return cents(
        sum((amount(row.get("AMOUNT")) or ZERO for row in lines if row.get("TYPE") == "CHARGE"), ZERO)
    )
