"""The one table of states: which tone, which icon, which word. No office can recolour it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ICONS = {
    "neutral": "ring",
    "active": "half",
    "done": "check",
    "attention": "triangle",
    "stop": "cross",
    "hold": "bars",
}


@dataclass(frozen=True)
class Status:
    """A state as it is shown: always icon, word and tint together."""

    tone: str
    word: str | Promise

    @property
    def icon(self) -> str:
        """Return the icon that belongs to the tone."""
        return ICONS[self.tone]


def status(state: object) -> Status:
    """Return how a state is shown; a state that is not in the table is a bug."""
    return STATES[str(getattr(state, "value", state))]


STATES: dict[str, Status] = {
    # a visit: booking and the day of the visit
    "requested": Status("neutral", _("Requested")),
    "scheduled": Status("neutral", _("Booked")),
    "expected": Status("neutral", _("Expected")),
    "arrived": Status("active", _("Arrived")),
    "checked_in": Status("active", _("Checked in")),
    "roomed": Status("active", _("In room")),
    "with_provider": Status("active", _("With provider")),
    "ready_for_checkout": Status("active", _("Ready to leave")),
    "checked_out": Status("done", _("Checked out")),
    "completed": Status("done", _("Completed")),
    "late": Status("attention", _("Late")),
    "unresolved": Status("attention", _("No outcome yet")),
    "cancelled": Status("neutral", _("Cancelled")),
    "late_cancelled": Status("stop", _("Cancelled late")),
    "rescheduled": Status("neutral", _("Moved")),
    "no_show": Status("stop", _("No-show")),
    "lwobs": Status("stop", _("Left without being seen")),
    "entered_in_error": Status("neutral", _("Entered in error")),
    # whether the patient confirmed
    "none": Status("neutral", _("None")),
    "left_message": Status("attention", _("Left message")),
    "confirmed": Status("done", _("Confirmed")),
    "declined": Status("stop", _("Declined")),
    "callback": Status("attention", _("Call back")),
    # coverage and eligibility
    "eligible": Status("done", _("Covered")),
    "active": Status("done", _("Active")),
    "inactive": Status("stop", _("Not active")),
    "not_asked": Status("neutral", _("Not asked")),
    "asked": Status("active", _("Asked")),
    "not_found": Status("stop", _("Member not found")),
    "unknown": Status("neutral", _("Not known")),
    "other_payer": Status("attention", _("Another payer named")),
    "expiring": Status("attention", _("Expires soon")),
    "expired": Status("stop", _("Expired")),
    "few_units": Status("attention", _("Few units left")),
    # a figure of the academy against the guide's
    "agrees": Status("done", _("Agrees")),
    "older": Status("attention", _("Older")),
    "conflicts": Status("stop", _("Conflicts")),
    "unsourced": Status("hold", _("No source")),
    # claims, remittances, envelopes, jobs
    "draft": Status("neutral", _("Draft")),
    "unsent": Status("neutral", _("Not sent")),
    "made": Status("neutral", _("Made")),
    "held": Status("hold", _("On hold")),
    "ready": Status("active", _("Ready to send")),
    "queued": Status("neutral", _("Waiting to leave")),
    "sending": Status("active", _("Sending")),
    "sent": Status("active", _("Sent")),
    "received": Status("active", _("Received")),
    "delivered": Status("done", _("Delivered")),
    "acknowledged": Status("active", _("Acknowledged")),
    "accepted": Status("active", _("Accepted")),
    "rejected": Status("stop", _("Rejected")),
    "denied": Status("stop", _("Denied")),
    "appealed": Status("hold", _("Appealed")),
    "partly_paid": Status("attention", _("Partly paid")),
    "paid": Status("done", _("Paid")),
    "patient_owes": Status("attention", _("Patient owes")),
    "closed": Status("done", _("Closed")),
    "void": Status("neutral", _("Void")),
    "reversed": Status("neutral", _("Reversed")),
    "replaced": Status("neutral", _("Replaced")),
    "pending": Status("active", _("In adjudication")),
    "decided": Status("active", _("Decided, not paid")),
    "posted": Status("done", _("Posted")),
    "stopped": Status("neutral", _("Stopped")),
    "parked": Status("attention", _("Needs a person")),
    "balanced": Status("done", _("Balanced")),
    "unbalanced": Status("stop", _("Does not balance")),
    "approved": Status("done", _("Approved")),
    "drawer_open": Status("active", _("Open")),
    "drawer_counted": Status("attention", _("Counted, not closed")),
    "drawer_waiting": Status("hold", _("Waits for a second person")),
    "drawer_closed": Status("done", _("Closed")),
    "deposit_made": Status("active", _("On its way")),
    "deposit_confirmed": Status("done", _("Confirmed by the bank")),
    "deposit_differs": Status("stop", _("The bank differs")),
    "deposit_void": Status("neutral", _("Taken apart")),
    "matched": Status("done", _("Matched")),
    "unmatched": Status("attention", _("No match")),
    "running": Status("active", _("Running")),
    "next": Status("active", _("Next")),
    "finished": Status("done", _("Finished")),
    "failed": Status("stop", _("Failed")),
    # the to-do of the office
    "open": Status("neutral", _("Open")),
    "due_today": Status("attention", _("Due today")),
    "overdue": Status("stop", _("Overdue")),
    "on_hold": Status("hold", _("On hold")),
    "snoozed": Status("hold", _("Snoozed")),
    "waiting": Status("hold", _("Waiting on another")),
    "locked": Status("hold", _("Locked")),
    "returned": Status("attention", _("Returned")),
    # a call
    "ringing": Status("attention", _("Ringing")),
    "on_the_line": Status("active", _("On the line")),
    "call_back": Status("attention", _("Waits for a call back")),
    "abandoned": Status("stop", _("Abandoned")),
    "voicemail": Status("attention", _("Voicemail")),
    # papers and consents
    "signed": Status("done", _("Signed")),
    "unsigned": Status("attention", _("Not signed")),
    "revoked": Status("stop", _("Revoked")),
    # a step of a list
    "todo": Status("neutral", _("To do")),
    "doing": Status("active", _("Under way")),
    "done": Status("done", _("Done")),
    "skipped": Status("neutral", _("Not needed")),
}
