"""What the billing screens show, prepared so that templates only lay it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.charges.scrub import Finding, scrub
from daysheet.claims import facts, queries, remits, rules
from daysheet.claims.models import Claim, ClaimEvent, ClaimLine, Remittance, RemittedClaim
from daysheet.formats import x12
from daysheet.kernel.clock import local_day
from daysheet.kernel.money import ZERO
from daysheet.kernel.money import say as usd_words
from daysheet.tasks.models import WorkqueueItem

STEPS = ("made", "sent", "acknowledged", "accepted", "adjudicated")


@dataclass(frozen=True, slots=True)
class Step:
    """A station of a claim's way: done, the one it stands at, failed, or still to come."""

    word: str
    state: str
    """done, doing, failed, held, todo"""


def steps(claim: Claim, kinds: list[str]) -> list[Step]:
    """Return the stations of a claim's way: made, sent, clearinghouse, payer accepted, decided."""
    words = (_("Made"), _("Sent"), _("Clearinghouse"), _("Payer accepted"), _("Decided"))
    reached = {
        "made": True,
        "sent": "sent" in kinds,
        "acknowledged": bool({"received_999", "accepted_277", "received_277"} & set(kinds)),
        "accepted": "accepted_277" in kinds or bool({"paid", "denied", "partly_paid"} & set(kinds)),
        "adjudicated": claim.state in {"paid", "partly_paid", "denied", "reversed", "appealed"},
    }
    found, failed = [], claim.state in {"rejected", "held"}
    for word, key in zip(words, STEPS, strict=True):
        if key == "made" and claim.state == "held":
            found.append(Step(word, "held"))
            failed = False
        elif reached[key]:
            found.append(Step(word, "failed" if key == "adjudicated" and claim.state == "denied" else "done"))
        elif failed:
            found.append(Step(word, "failed"))
            failed = False
        else:
            is_next = all(step.state == "done" for step in found)
            found.append(Step(word, "doing" if is_next else "todo"))
    return found


@dataclass(frozen=True, slots=True)
class Mend:
    """A finding with the page where it is mended."""

    finding: Finding
    url: str


def mends(claim: Claim, findings: list[Finding]) -> list[Mend]:
    """Return the findings, each with its link where that page is built."""
    targets: dict[str, list[UUID]] = {
        "patients:patient-edit": [claim.patient_id],
        "coverage:coverage-edit": [claim.coverage_id],
        "coverage:authorizations": [claim.patient_id],
        "coverage:cases": [claim.patient_id],
        "charges:slip": [claim.visit_id],
        "claims:claim": [claim.pk],
    }
    return [Mend(item, _address(item.link_name, targets.get(item.link_name, []))) for item in findings]


def resend_words(claim: Claim) -> str:
    """Return as what a claim leaves when it is sent again: TR3 837P 2300 CLM05-3."""
    if claim.state in {"made", "held", "rejected"}:
        return _("It leaves as a new claim: the payer has decided none of it.")
    if claim.payer_control:
        number = {"number": claim.payer_control}
        return _("It leaves as a replacement (7) of the payer's claim %(number)s.") % number
    return _("It can leave as a replacement (7) once the payer's own number is known.")


def elsewhere(claim: Claim) -> list[tuple[str, str]]:
    """Return where the rest of a claim is mended: words and address."""
    places = (
        (_("Patient"), "patients:patient-edit", claim.patient_id),
        (_("Coverage"), "coverage:coverage-edit", claim.coverage_id),
        (_("Charge slip"), "charges:slip", claim.visit_id),
    )
    return [(words, at) for words, name, key in places if (at := _address(name, [key]))]


def _address(name: str, args: list[UUID]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def claim_page(claim: Claim, *, today: date) -> dict[str, Any]:
    """Return what the page of a claim shows."""
    (gathered,) = facts.gather([claim.pk])
    history = list(queries.events(claim.pk))
    is_ours = claim.state in {"made", "held", "rejected"}
    findings = scrub(facts.for_rules(gathered, today=today)) if is_ours else []
    remitted = list(queries.remitted_of(claim.pk))
    denial = queries.open_denial(claim.pk)
    return {
        "claim": claim,
        "steps": [(step.word, step.state, None) for step in steps(claim, [event.kind for event in history])],
        "lines": gathered.lines,
        "diagnoses": gathered.diagnoses,
        "mends": mends(claim, findings),
        "history": [told(event) for event in history],
        "messages": messages(history),
        "remitted": [(row, parts_in_words(row.adjustments)) for row in remitted],
        "money": queries.money_of(claim),
        "successors": list(claim.replaced_by.order_by("number")),
        "verdict": verdict(claim, history),
        "item": denial,
        "field_to_mend": rules.field_to_mend(denial.reason_code) if denial else "",
        "elsewhere": elsewhere(claim),
        "resend_words": resend_words(claim),
        "can_resend": claim.state
        in {"made", "held", "rejected", "denied", "partly_paid", "paid", "reversed"},
        "can_void": claim.state not in {"void", "replaced", "closed"},
        "can_close": claim.state in {"denied", "partly_paid", "paid", "rejected", "reversed"}
        or (claim.frequency == "8" and claim.state == "accepted"),
        "can_appeal": claim.state in {"denied", "partly_paid"},
    }


KINDS = {
    "made": "Made",
    "line_on": "A line put on",
    "line_off": "A line taken off",
    "scrub_stopped": "Stopped by a rule",
    "edited": "Corrected",
    "sent": "Sent",
    "ta1_accepted": "Interchange taken (TA1)",
    "ta1_rejected": "Interchange refused (TA1)",
    "received_999": "File taken (999)",
    "rejected_999": "File refused (999)",
    "received_277": "With the payer (277CA)",
    "accepted_277": "Payer accepted (277CA)",
    "rejected_277": "Rejected (277CA)",
    "paid": "Processed (835)",
    "partly_paid": "Paid in part (835)",
    "denied": "Denied (835)",
    "reversed": "Taken back (835)",
    "unposted": "Posting taken back by us",
    "forwarded": "Sent on to the next plan",
    "appealed": "Appealed",
    "replaced": "Replaced",
    "voided": "Taken back by us",
    "replacement_dropped": "Stands again",
    "closed": "Closed",
}


def told(event: ClaimEvent) -> dict[str, Any]:
    """Return an event as an entry of the history."""
    codes = f" ({', '.join(event.codes)})" if event.codes else ""
    return {
        "at": event.at,
        "who": event.by_name,
        "text": f"{KINDS.get(event.kind, event.kind)}{codes}. {event.sentence}".strip(),
        "url": _address("mailroom:envelope", [event.envelope_id]) if event.envelope_id else "",
    }


def messages(history: list[ClaimEvent]) -> list[Any]:
    """Return the envelopes that speak of the claim, each once, the latest first."""
    return list({event.envelope_id: event.envelope for event in history if event.envelope}.values())


def verdict(claim: Claim, history: list[ClaimEvent]) -> str:
    """Return the sentence on top of the page: why the claim stands where it stands."""
    speaking = {
        "denied",
        "partly_paid",
        "paid",
        "reversed",
        "rejected_277",
        "rejected_999",
        "ta1_rejected",
        "scrub_stopped",
    }
    latest = next((event for event in history if event.kind in speaking), None)
    if latest is None or claim.state in {"sent", "acknowledged", "accepted", "made"}:
        return rules.WAITED_FOR.get(claim.state, "") if claim.alarm_at is None else ""
    return latest.sentence


def parts_in_words(adjustments: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the adjustments with our words for their codes."""
    return [
        {
            **row,
            "code": f"{row['group']}-{row['reason']}",
            "words": x12.label("carc", row["reason"]) or "",
            "who": x12.label("adjustment_group", row["group"]) or row["group"],
        }
        for row in adjustments
    ]


def beside(remittance: Remittance) -> list[dict[str, str]]:
    """Return the adjustments at provider level with our words."""
    return [
        {**row, "words": x12.label("plb", row["reason"]) or row["reason"]}
        for row in remittance.provider_adjustments
    ]


TABS = {
    "": "All",
    "to-send": "To send",
    "rejected": "Rejected",
    "with-payer": "With the payer",
    "denied": "Denied",
    "paid": "Paid",
    "ended": "Ended",
}


def tabs(group: str, counts: Mapping[str, int]) -> list[tuple[str, str, int | None, bool]]:
    """Return the saved filters with their counts."""
    address = reverse("claims:claims")
    return [
        (words, f"{address}?group={key}" if key else address, counts.get(key) if key else None, key == group)
        for key, words in TABS.items()
    ]


def send_words(count: int) -> str:
    """Return what the button says that sends so many claims."""
    return ngettext("Send %(n)s claim", "Send %(n)s claims", count) % {"n": f"{count:,}"}


def sending(waiting: Sequence[queries.Waiting]) -> dict[str, Any]:
    """Return what the last look before a large sending shows: the sums, and each payer."""
    count, held = sum(one.claims for one in waiting), sum(one.held for one in waiting)
    payers = ngettext("%(n)s payer", "%(n)s payers", len(waiting)) % {"n": len(waiting)}
    effect = [
        _("They leave at once for %(payers)s, %(sum)s in all.")
        % {"payers": payers, "sum": usd_words(sum((one.charge for one in waiting), ZERO))},
        _("What has left is not called back: it can only be voided with the payer, claim by claim."),
    ]
    if held:
        effect.append(
            ngettext(
                "A rule stopped %(n)s of them before: it leaves only if nothing stops it now.",
                "A rule stopped %(n)s of them before: they leave only if nothing stops them now.",
                held,
            )
            % {"n": f"{held:,}"}
        )
    return {"waiting": waiting, "count": count, "act": send_words(count), "effect": " ".join(effect)}


def remittance_tabs(state: str) -> list[tuple[str, str, int | None, bool]]:
    """Return the filters of the remittance list."""
    address = reverse("claims:remittances")
    words = {"parked": _("Needs a person"), "partly": _("Posted in part"), "posted": _("Posted")}
    return [(word, f"{address}?state={key}", None, key == state) for key, word in words.items()]


def hand_figures(row: RemittedClaim, lines: Sequence[ClaimLine]) -> dict[str, Any]:
    """Return what the boxes of posting by hand hold at first: what the payer said of each line."""
    found: dict[str, Any] = {"reason_co": "45"}
    if row.claim is None:
        return found
    place = {line.charge_id: n for n, line in enumerate(lines, 1)}
    for posting in remits.postings(row.claim, lines, remits.said(row)):
        n = place.get(posting.charge_id) if posting.charge_id else None
        if n is None:
            continue
        found[f"paid_{n}"] = found.get(f"paid_{n}", ZERO) + posting.paid
        for group, _reason, amount in posting.adjustments:
            name = f"{group.lower()}_{n}"
            found[name] = found.get(name, ZERO) + amount
    for part in remits.kept_parts(row):
        found[f"reason_{part.group.lower()}"] = part.reason
    return found


def hand_sums(row: RemittedClaim) -> list[tuple[str, Any]]:
    """Return what the payer said of a claim as sums, and by how much they miss."""
    parts = remits.kept_parts(row)
    sums: dict[str, Decimal] = {}
    for part in parts:
        sums[part.group] = sums.get(part.group, ZERO) + part.amount
    told: list[tuple[str, Any]] = [(_("Charge"), usd_words(row.charge)), (_("Paid"), usd_words(row.paid))]
    told += [
        (x12.label("adjustment_group", group) or group, usd_words(amount)) for group, amount in sums.items()
    ]
    told.append((_("Patient's share as said"), usd_words(row.patient_share)))
    return [*told, (_("Apart"), usd_words(abs(row.difference)))]


@dataclass(frozen=True, slots=True)
class DenialRow:
    """A denial on the list: the item, its claim, and how many days its clock still has."""

    item: WorkqueueItem
    claim: Claim | None
    days_left: int


def denial_rows(items: Iterable[WorkqueueItem], now: datetime, zone: ZoneInfo) -> list[DenialRow]:
    """Return open denials with their claims and clocks, in a constant number of statements."""
    shown = list(items)
    claims = queries.claims_by_id(item.subject_id for item in shown)
    today = local_day(now, zone)
    return [
        DenialRow(
            item,
            claims.get(item.subject_id) if item.subject_id else None,
            (local_day(item.due_at, zone) - today).days,
        )
        for item in shown
    ]
