"""The actions of the diary in words: room.noun.past-verb becomes a sentence a patient can read."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

SENTENCES = {
    "patients.chart.viewed": noop("Opened the chart"),
    "patients.changes.viewed": noop("Read the changes of the details"),
    "patients.search.answered": noop("Saw the name in a search"),
    "patients.look-alikes.shown": noop("Saw the name beside a new patient's"),
    "patients.patient.registered": noop("Registered the patient"),
    "patients.patient.changed": noop("Changed the details"),
    "patients.patient.left-as-it-was": noop("Saved the details unchanged"),
    "patients.identity.asked": noop("Began the check of a caller"),
    "patients.identity.checked": noop("Checked a caller"),
    "patients.chart.added-to": noop("Added to the chart abstract"),
    "documents.list.viewed": noop("Saw the list of papers"),
    "documents.document.viewed": noop("Looked at a paper"),
    "documents.document.opened": noop("Opened a paper's file"),
    "documents.document.kept": noop("Filed a paper"),
    "documents.document.struck": noop("Marked a paper as filed by mistake"),
    "documents.document.restored": noop("Let a paper count again"),
    "documents.sent.accepted": noop("Filed a paper that the patient had sent"),
    "documents.sent.dropped": noop("Put aside a paper that the patient had sent"),
    "documents.sent.waits-again": noop("Let a paper that the patient had sent wait again"),
    "privacy.form.filled": noop("Kept a form that was filled in"),
    "privacy.form.taken-back": noop("Took back a form that was filled in"),
    "frontdesk.form.viewed": noop("Opened a form to be filled in"),
    "frontdesk.sent-id.viewed": noop("Looked at the photo ID that the patient had sent"),
    "frontdesk.sent-id.taken": noop("Filed the photo ID that the patient had sent"),
    "frontdesk.sent-id.refused": noop("Did not use the photo ID that the patient had sent"),
    "frontdesk.sent-id.waits-again": noop("Let the photo ID that the patient had sent wait again"),
    "frontdesk.licence.viewed": noop("Looked at the license beside the chart"),
    "frontdesk.licence.taken-over": noop("Took details over from the license"),
    "frontdesk.licence.put-back": noop("Put back what was taken over from the license"),
    "frontdesk.walkout.printed": noop("Printed the walkout statement"),
    "letters.letter.written": noop("Wrote a letter"),
    "privacy.lookers.viewed": noop("Looked at who looked"),
    "privacy.diary.viewed": noop("Looked into the diary"),
    "privacy.diary.exported": noop("Took the diary away as a file"),
    "privacy.consents.viewed": noop("Looked at notices and consents"),
    "privacy.notice.signed": noop("Noted a signature"),
    "privacy.notice.refused": noop("Noted why nothing was signed"),
    "privacy.notice.withdrawn": noop("Noted that a consent was withdrawn"),
    "kernel.permission.denied": noop("Was stopped: not permitted"),
    "practice.session.began": noop("Signed in"),
    "practice.session.ended": noop("Signed out"),
    "practice.session.refused": noop("Tried to sign in and was refused"),
    "practice.session.unlock-failed": noop("Wrong password at a locked screen"),
    "practice.session.revoked": noop("Ended an own sign-in elsewhere"),
    "practice.workstation.set": noop("Said what kind of workstation this is"),
    "practice.password.changed": noop("Changed the own password"),
    "practice.second-factor.added": noop("Added a second factor to the own sign-in"),
    "practice.second-factor.removed": noop("Took a second factor off the own sign-in"),
    "practice.recovery-codes.made": noop("Made new recovery codes"),
}
VERBS = {
    "viewed": noop("Looked at"),
    "booked": noop("Booked"),
    "cancelled": noop("Cancelled"),
    "posted": noop("Posted"),
}


def say(action: str) -> str:
    """Return an action in words; one without a sentence of its own is read out by its parts."""
    if action in SENTENCES:
        return _(SENTENCES[action])
    room, _dot, rest = action.partition(".")
    noun, _dot, verb = rest.partition(".")
    spoken = f"{noun} {verb}".replace("-", " ").replace("_", " ").strip()
    if verb in VERBS:
        return f"{_(VERBS[verb])}: {noun.replace('-', ' ')} ({room})"
    return f"{spoken[:1].upper()}{spoken[1:]} ({room})"
