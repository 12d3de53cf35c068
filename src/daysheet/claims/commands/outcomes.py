"""What follows from a remitted claim: the event, the denial on the work list, the end of what waited for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.urls import reverse

from daysheet.claims import remits, rules
from daysheet.claims.commands.story import Story
from daysheet.claims.models import Claim, Remittance, RemittedClaim
from daysheet.claims.rules import Part
from daysheet.formats import x12
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.money import say
from daysheet.tasks import commands as tasks


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The consequences of a remittance, told claim by claim."""

    by: Actor
    remittance: Remittance
    because: str = ""
    """Why a person posted it, where one did."""

    def tell(self, row: RemittedClaim, claim: Claim) -> None:
        """Write down what was decided of a posted claim and put a denial on the list."""
        story = Story(self.by)
        parts = remits.kept_parts(row)
        kind = rules.outcome(status=row.status, charge=row.charge, paid=row.paid, parts=parts)
        if row.payer_control:
            claim.payer_control = row.payer_control
        codes = list(dict.fromkeys(f"{part.group}-{part.reason}" for part in parts))
        owed = [*codes, *row.remarks, *(["PR"] if row.patient_share > 0 else [])]
        story.tell(
            claim, kind, sentence=self._sentence(row, kind), codes=owed, envelope=self.remittance.envelope
        )
        if row.status in rules.SENT_ON:
            sent_on = "The payer sent it on to the next plan: do not bill that plan again."
            story.tell(
                claim, "forwarded", sentence=sent_on, codes=[row.status], envelope=self.remittance.envelope
            )
        if kind in {"denied", "partly_paid"}:
            self._deny(story, row, claim, parts)
        if kind in {"paid", "reversed"}:
            story.is_done_with(claim.pk, "denial", "other", action="done")
        if kind == "reversed":
            for void in claim.replaced_by.filter(frequency="8"):
                story.tell(void, "closed", sentence="The payer took the claim back.")

    def ask_about(self, row: RemittedClaim) -> None:
        """Put a claim that could not be posted on the list."""
        is_ours = row.claim is not None
        tasks.open_item(
            self.by,
            kind="parked_remittance" if is_ours else "unmatched",
            reason_code=f"CLP-{row.status}",
            sentence=f"Remittance {self.remittance.number}, claim {row.control[:20]}, {say(row.paid)}: {row.trouble}",
            due_at=Story(self.by).zone_day_end(2),
            source_of_due="office rule: two days",
            role="biller",
            subject=row,
            patient_id=row.patient_id,
            link=reverse("claims:remittance", args=[self.remittance.pk]),
        )

    def _sentence(self, row: RemittedClaim, kind: str) -> str:
        by_hand = f" Posted by hand: {self.because}" if self.because else ""
        return f"{self._decision(row, kind)}{by_hand}"

    def _decision(self, row: RemittedClaim, kind: str) -> str:
        money = f"paid {say(row.paid)}, patient {say(row.patient_share)}, trace {self.remittance.trace}"
        if kind == "denied":
            return f"Denied; {money}."
        if kind == "reversed":
            return f"Taken back {say(-row.paid)}, trace {self.remittance.trace}."
        return f"{'Paid in part' if kind == 'partly_paid' else 'Processed'}: {money}."

    def _deny(self, story: Story, row: RemittedClaim, claim: Claim, parts: Sequence[Part]) -> None:
        code = rules.main_reason(parts)
        deadline = self.remittance.paid_on + timedelta(days=claim.payer.appeal_limit_days)
        zone = Practice.objects.get(pk=self.by.practice_id).zone
        words = x12.label("carc", code.partition("-")[2]) or "A reason without words here"
        remarks = [said for remark in row.remarks if (said := x12.label("rarc", remark))]
        also = f" Remark: {'; '.join(remarks)}." if remarks else ""
        story.ask_for(
            claim,
            kind="denial",
            code=code or "denied",
            sentence=f"{words} ({code}).{also} {rules.next_action(code)}",
            due_at=local_instant(datetime.combine(deadline, time(17, 0)), zone),
            source=f"payer: appeal {claim.payer.appeal_limit_days} days",
            place=f"#id_{field}" if (field := rules.field_to_mend(code)) else "#correct-form",
        )
