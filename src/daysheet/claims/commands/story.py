"""How something that happened to a claim is written down: the event, and the state that follows from all events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.urls import reverse

from daysheet.claims import queries, rules
from daysheet.claims.models import Claim, ClaimEvent
from daysheet.claims.rules import ClaimState, Happened
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day, local_instant
from daysheet.kernel.models import Practice
from daysheet.mailroom.models import Envelope
from daysheet.tasks import commands as tasks


@dataclass(frozen=True, slots=True)
class Story:
    """The story of claims, told by an actor; every event is added, none is ever changed."""

    by: Actor

    def tell(
        self,
        claim: Claim,
        kind: str,
        *,
        sentence: str = "",
        codes: Sequence[str] = (),
        envelope: Envelope | None = None,
    ) -> ClaimState:
        """Add what happened and keep the claim's state in step with it."""
        # Two answers may be read at once: the second waits here, and counts the first one's event.
        claim.version = (
            Claim.objects.select_for_update(of=("self",), no_key=True)
            .values_list("version", flat=True)
            .get(pk=claim.pk)
        )
        before = list(claim.events.order_by("rank").values_list("kind", "codes"))
        ClaimEvent.objects.create(
            claim=claim,
            rank=len(before) + 1,
            at=self.by.now,
            kind=kind,
            by_name=self.by.name,
            sentence=sentence,
            codes=list(codes),
            envelope=envelope,
        )
        told = [Happened(name, tuple(said)) for name, said in before]
        state = rules.state_of([*told, Happened(kind, tuple(codes))])
        claim.state, claim.next_owner = state.state, state.whose_turn
        claim.alarm_at = rules.alarm_at(state.state, self.by.now)
        claim.version += 1
        claim.save(update_fields=["state", "next_owner", "alarm_at", "version", "payer_control"])
        return state

    def ask_for(
        self,
        claim: Claim,
        *,
        kind: str,
        code: str,
        sentence: str,
        due_at: datetime,
        source: str,
        place: str = "",
    ) -> None:
        """Put a claim on the work list of whoever bills; `place` is where on its page the work begins."""
        tasks.open_item(
            self.by,
            kind=kind,
            reason_code=code,
            sentence=sentence,
            due_at=due_at,
            source_of_due=source,
            role="biller",
            subject=claim,
            patient_id=claim.patient_id,
            link=f"{reverse('claims:claim', args=[claim.pk])}{place}",
        )

    def is_done_with(self, claim_id: UUID, *kinds: str, action: str) -> None:
        """Close what stood on the work list about a claim."""
        for kind in kinds:
            tasks.close_items_of(self.by, subject_id=claim_id, kind=kind, action_code=action)

    def ends_here(self, claim: Claim, *, sentence: str) -> None:
        """Take a claim back that the payer does not have; the one that it was to follow stands again, with its denial."""
        self.tell(claim, "voided", sentence=sentence)
        self.is_done_with(claim.pk, "rejection", "denial", "other", action="not_needed")
        if claim.replaces is None:
            return
        first, number = claim.replaces, claim.number
        dropped = f"Claim {number}, which was to follow it, was taken back before the payer took it."
        self.tell(first, "replacement_dropped", sentence=dropped)
        denial = queries.latest_denial(first.pk)
        if first.state in {"denied", "partly_paid"} and denial is not None:
            self.ask_for(
                first,
                kind="denial",
                code=denial.reason_code,
                sentence=denial.sentence,
                due_at=denial.due_at,
                source=denial.source_of_due,
                place=denial.link[denial.link.find("#") :] if "#" in denial.link else "",
            )

    def zone_day_end(self, days: int = 0) -> datetime:
        """Return five in the afternoon, office time, so many days from today."""
        zone = Practice.objects.get(pk=self.by.practice_id).zone
        day = local_day(self.by.now, zone) + timedelta(days=days)
        return local_instant(datetime.combine(day, time(17, 0)), zone)
