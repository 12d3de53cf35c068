"""The lines of a claim that the payer does not have: taken off, put on, numbered without a gap."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from daysheet.charges import commands as charges
from daysheet.charges.models import Charge
from daysheet.claims import queries, rules
from daysheet.claims.commands.story import Story
from daysheet.claims.models import Claim, ClaimLine
from daysheet.claims.rules import LineChange
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say, usd


class LineIsWithThePayer(Refusal):
    """The payer has a claim with this line."""


@command(needs=Can.ENTER_CHARGES)
def take_line_off(by: Actor, /, *, claim_id: UUID, charge_id: UUID, reason: str) -> Claim:
    """Take a line that is voided on the slip off a claim that the payer does not have; without a line it ends.

    Raises LineIsWithThePayer while the claim waits for the payer's answer; a decided claim stays as it is.
    """
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    if claim.state in queries.GROUPS["with-payer"]:
        raise LineIsWithThePayer(
            f"The payer has this line on claim {claim.number}. Let billing take that claim back first, "
            "or wait for the payer's answer and correct the line on the claim."
        )
    if claim.state in queries.UNSENT:
        Lines(by, claim).take_off(charge_id, reason.strip().rstrip("."))
    record(by, "claims.line.taken-off", claim, charge=claim.charge, state=claim.state, reason=reason)
    return claim


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a locked claim that the payer does not have."""

    by: Actor
    claim: Claim

    def put(self, posted: Sequence[Charge]) -> None:
        """Put charges on the claim, after the lines that it has."""
        first = self.claim.lines.count() + 1
        ClaimLine.objects.bulk_create(
            ClaimLine(
                practice_id=self.by.practice_id,
                claim=self.claim,
                charge=charge,
                line=line,
                control=rules.line_control(self.claim.control, line),
            )
            for line, charge in enumerate(posted, first)
        )
        codes = ", ".join(charge.code for charge in posted)
        self._told("line_on", f"{codes} was posted on the slip.")

    def correct(self, changes: Sequence[LineChange], *, because: str) -> str:
        """Put corrected charges in the place of those that should be otherwise; return what changed, in sentences."""
        told = []
        for row in self.claim.lines.select_related("charge").order_by("line"):
            wanted = next((one.as_kept() for one in changes if one.charge_id == row.charge_id), None)
            was = queries.as_it_stands(row)
            if wanted is None or replace(wanted, line=row.line) == was:
                continue
            row.charge = charges.correct_charge(
                self.by,
                charge_id=row.charge_id,
                code=wanted.code,
                units=wanted.units,
                modifiers=wanted.modifiers,
                pointers=wanted.pointers,
                mouth=wanted.mouth,
                prosthesis=wanted.prosthesis,
                prior_placed_on=wanted.prior_placed_on,
                revenue_code=wanted.revenue_code if self.claim.kind == Claim.Kind.INSTITUTIONAL else None,
                reason=because or f"Corrected on claim {self.claim.number}",
            )
            row.save(update_fields=["charge"])
            told.append(f"Line {row.line}: {wanted.words} instead of {was.words}.")
        if told:
            self._add_up()
        return " ".join(told)

    def uncorrect(self) -> None:
        """Put the lines back as they were before another claim corrected them: that claim was taken back.

        It follows from taking the claim back: whoever may do that need not enter charges.
        """
        system = Actor.system(practice_id=self.by.practice_id, now=self.by.now, name=self.by.name)
        rows = self.claim.lines.select_related("charge").order_by("line")
        for row in rows.filter(
            charge__state=Charge.State.VOIDED, charge__corrected_by__isnull=False
        ).distinct():
            charges.uncorrect_charge(
                system, charge_id=row.charge_id, reason=f"Claim {self.claim.number} stands again"
            )

    def take_off(self, charge_id: UUID, reason: str) -> None:
        """Take a line off; a claim of which it is the only one is taken back with it."""
        gone = self.claim.lines.select_related("charge").get(charge_id=charge_id)
        if self.claim.lines.count() == 1:  # it stays to be read: a claim that ended bills nothing
            if gone.charge.corrects_id and self.claim.replaces_id:
                raise Refusal(
                    f"It is the only line of claim {self.claim.number}, which corrects another one. "
                    "Take that claim back: then the line stands again as it was."
                )
            sentence = f"Its only line was voided on the slip: {reason}."
            Story(self.by).ends_here(self.claim, sentence=sentence)
            return
        gone.delete()
        # TR3 837P 2400 LX01: the lines are counted from 1 without a gap
        for line, row in enumerate(self.claim.lines.order_by("line"), 1):
            row.line, row.control = line, rules.line_control(self.claim.control, line)
            row.save(update_fields=["line", "control"])
        self._told("line_off", f"{gone.charge.code} was voided on the slip: {reason}.")

    def _add_up(self) -> None:
        amounts = self.claim.lines.values_list("charge__amount", flat=True)
        self.claim.charge = usd(sum(amounts, ZERO))
        self.claim.save(update_fields=["charge"])

    def _told(self, kind: str, sentence: str) -> None:
        self._add_up()
        Story(self.by).tell(self.claim, kind, sentence=f"{sentence} It comes to {say(self.claim.charge)}.")
