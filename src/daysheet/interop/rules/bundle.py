"""A FHIR R4 or US Core bundle as records, one for each patient in it. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from daysheet.interop.rules.bills import figures
from daysheet.interop.rules.chart import KINDS, chart_line
from daysheet.interop.rules.people import Unusable, clinician, person
from daysheet.interop.rules.plans import Reference, apart, covers_from_bills, member_id, plan_of
from daysheet.interop.rules.reading import at, instant, local_day, pieces, text
from daysheet.interop.rules.record import UNNAMED, Bill, Cover, Encounter, Plan, Record, Skip

BUNDLES = frozenset({"transaction", "batch", "collection"})
TAKEN = frozenset({"Patient", "Encounter", "Claim", "ExplanationOfBenefit", "Coverage", *KINDS})
FURNITURE = frozenset({"Organization", "Practitioner", "PractitionerRole", "Location"})
"""What other resources point to; clinicians come along, facilities never do."""
OWNERS = ("subject", "patient", "beneficiary")
Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a file is read: the office's wall clock, this moment, the reference tables."""

    zone: ZoneInfo
    now: datetime
    reference: Reference

    @property
    def today(self) -> date:
        """Return the day at the office."""
        return self.now.astimezone(self.zone).date()


def records(bundle: Mapping[str, Any], setting: Setting) -> Iterator[Record | Skip]:
    """Return the patients of a bundle, each with all that the bundle says about them, or why not."""
    shelf = _Shelf(bundle)
    for address, patient in shelf.of("Patient"):
        try:
            found = person(patient, today=setting.today)
        except Unusable as no:
            yield Skip("patient", str(no))
            continue
        yield _Reader(shelf, address, Record(found), setting).read()


class _Shelf:
    """The resources of a bundle by kind and by every address that points to them."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        self.by_address: dict[str, Resource] = {}
        self.kinds: dict[str, list[tuple[str, Resource]]] = {}
        for entry in pieces(bundle.get("entry")):
            resource = entry.get("resource")
            if not isinstance(resource, dict):
                continue
            kind, own = text(resource.get("resourceType")), text(resource.get("id"))
            address = text(entry.get("fullUrl")) or f"{kind}/{own}"
            self.by_address[address] = self.by_address[f"{kind}/{own}"] = resource
            self.kinds.setdefault(kind, []).append((address, resource))
        self.own: dict[tuple[str, int], list[Resource]] = defaultdict(list)
        for kind, resources in self.kinds.items():
            for _, resource in resources:
                said = next((resource[name] for name in OWNERS if name in resource), None)
                owner = self.to(at(said, "reference"))
                if owner is not None:
                    self.own[kind, id(owner)].append(resource)

    def to(self, reference: object) -> Resource | None:
        return self.by_address.get(reference) if isinstance(reference, str) else None

    def of(self, kind: str) -> list[tuple[str, Resource]]:
        return self.kinds.get(kind, [])

    def concerning(self, kind: str, patient: str) -> list[Resource]:
        return self.own.get((kind, id(self.by_address.get(patient))), [])


class _Reader:
    """Puts together what a shelf holds about one patient."""

    def __init__(self, shelf: _Shelf, address: str, record: Record, setting: Setting) -> None:
        self.shelf, self.address, self.record, self.setting = shelf, address, record, setting
        self.whose = f"{record.person.system}|{record.person.key}"
        self.left_out: Counter[tuple[str, str]] = Counter()
        self.plans_of_covers: dict[str, Plan | None] = {}

    def read(self) -> Record:
        self._encounters()
        self._chart()
        covers = self._covers()
        self._bills()
        if not self.shelf.of("Coverage"):
            told = [(bill.service_on, bill.plan) for bill in self.record.bills]
            covers = covers_from_bills(told, whose=self.whose, died_on=self.record.person.died_on)
        self.record.covers = covers
        for kind in self.shelf.kinds.keys() - TAKEN - FURNITURE:
            count = len(self.shelf.concerning(kind, self.address))
            if count:
                self.left_out[kind, "An office keeps no such record."] += count
        self.record.skipped += [
            Skip(what, why, count) for (what, why), count in sorted(self.left_out.items())
        ]
        return self.record

    def _encounters(self) -> None:
        for one in self.shelf.concerning("Encounter", self.address):
            began = instant(at(one, "period", "start"))
            if text(one.get("status")) in {"cancelled", "entered-in-error", "planned"}:
                self.left_out["Encounter", "It did not take place."] += 1
            elif began is None or began > self.setting.now or not text(one.get("id")):
                self.left_out["Encounter", "It has no beginning, or begins in the future."] += 1
            else:
                ended = instant(at(one, "period", "end")) or began
                kind = at(one, "type", 0)
                reason = text(at(kind, "coding", 0, "display")) or text(at(kind, "text"))
                self.record.encounters.append(
                    Encounter(self._key(one), self._clinician(one), began, max(began, ended), reason)
                )

    def _clinician(self, encounter: Resource) -> str:
        individual = at(encounter, "participant", 0, "individual")
        reference = text(at(individual, "reference"))
        practitioner = self.shelf.by_address.get(reference)
        key = text(at(practitioner, "id")) or reference or UNNAMED
        if key not in self.record.clinicians:
            self.record.clinicians[key] = clinician(key, practitioner, text(at(individual, "display")))
        return key

    def _chart(self) -> None:
        for kind in KINDS:
            for one in self.shelf.concerning(kind, self.address):
                line = chart_line(one, source=self._key(one), zone=self.setting.zone)
                if line and text(one.get("id")):
                    self.record.chart.append(line)
                else:
                    self.left_out[kind, "It has no words or no number, or says that it is not so."] += 1

    def _covers(self) -> list[Cover]:
        found: list[Cover] = []
        for one in self.shelf.concerning("Coverage", self.address):
            payor = at(one, "payor", 0)
            insurer = self.shelf.by_address.get(text(at(payor, "reference")))
            product = next(
                (text(part.get("name")) for part in pieces(one.get("class")) if text(part.get("name"))), ""
            )
            shown = text(at(payor, "display")) or text(at(insurer, "name"))
            plan = plan_of(shown, reference=self.setting.reference, whose=self.whose, product=product)
            self.plans_of_covers[text(one.get("id"))] = plan
            began = local_day(at(one, "period", "start"), self.setting.zone)
            if plan is None:
                self.left_out["Coverage", "It names no payer: the patient pays."] += 1
            elif began is None or began > self.setting.today:
                self.left_out["Coverage", "It has no first day, or begins in the future."] += 1
            else:
                ends = local_day(at(one, "period", "end"), self.setting.zone)
                number = text(one.get("subscriberId")) or member_id(plan, self.whose)
                found.append(Cover(plan, began, ends, number))
        return apart(found, self.record.person.died_on)

    def _bills(self) -> None:
        benefits = {
            text(at(one, "claim", "reference")): one
            for one in self.shelf.concerning("ExplanationOfBenefit", self.address)
        }
        told = {
            id(self.shelf.by_address[to]): one for to, one in benefits.items() if to in self.shelf.by_address
        }
        for one in self.shelf.concerning("Claim", self.address):
            found = figures(one, told.get(id(one)))
            day = local_day(at(one, "billablePeriod", "start") or one.get("created"), self.setting.zone)
            if (
                not found
                or not found.charge
                or day is None
                or day > self.setting.today
                or not text(one.get("id"))
            ):
                self.left_out["Claim", "It has no day, no number, or no sum of money that can be."] += 1
                continue
            self.record.bills.append(
                Bill(
                    self._key(one), self._encounter_of(one), day, self._plan_of(one),
                    found.charge, found.plan_paid, found.shares,
                )
            )  # fmt: skip
        alone = len(benefits) - len(told)
        if alone:
            self.left_out["ExplanationOfBenefit", "Its claim is not in the file."] += alone

    def _encounter_of(self, claim: Resource) -> str:
        for item in pieces(claim.get("item")):
            visit = self.shelf.by_address.get(text(at(item, "encounter", 0, "reference")))
            if visit:
                return self._key(visit)
        return ""

    def _plan_of(self, claim: Resource) -> Plan | None:
        coverage = at(claim, "insurance", 0, "coverage")
        shown = text(at(coverage, "display"))
        if shown:
            return plan_of(shown, reference=self.setting.reference, whose=self.whose)
        found = self.shelf.by_address.get(text(at(coverage, "reference")))
        return self.plans_of_covers.get(text(at(found, "id"))) if found else None

    def _key(self, resource: Resource) -> str:
        return f"{self.whose}|{text(resource.get('resourceType'))}|{text(resource.get('id'))}"
