"""A form filled in and signed at the desk, kept as a paper; and taken back when it was the wrong one."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.patients.models import Patient
from daysheet.patients.rules import tidy
from daysheet.privacy import filling, papers
from daysheet.privacy.commands.notices import UnsoundSignature, sign_notice, withdraw_consent
from daysheet.privacy.filling import FormAtHand
from daysheet.privacy.models import Consent, FilledForm, FormEdition, OfficeForm
from daysheet.privacy.questions import is_a_mark, read_strokes

LANGUAGES = ("en", "es")
LONGEST_ANSWER = 1000


class NoSuchForm(Refusal):
    """The office has no such form, or has retired it."""


class FormHasChanged(StaleForm):
    """There is a newer edition than the one that was read."""


class UnsoundAnswer(Refusal):
    """An answer is missing, too long, or none that was offered."""


@command(needs=Can.EDIT_PATIENTS)
def fill_form(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    key: str,
    edition: int,
    language: str = "en",
    answers: Mapping[str, str],
    signed_by: str = "",
    relationship: str = "",
    strokes: str = "",
    agrees: bool = False,
    visit_id: UUID | None = None,
) -> FilledForm:
    """Keep what a patient signed or answered, with the edition that was read, and as a PDF among the papers.

    Raises NoSuchForm, FormHasChanged, UnsoundAnswer or UnsoundSignature.
    """
    form = _at_hand(key, edition)
    if language not in LANGUAGES:
        raise UnsoundAnswer(_("Choose the language."), language=_("Choose one of the list."))
    patient = Patient.objects.get(pk=patient_id)
    kept = _sound_answers(form, answers)
    name = _sound_signature(form, tidy(signed_by), strokes, agrees=agrees)
    said = {
        "language": language,
        "answers": kept,
        "signed_by": name,
        "relationship": tidy(relationship)[:100],
        "strokes": strokes if name else "",
    }
    paper = documents.keep_document(
        by,
        kind="signed_form" if form.needs_signature else "questionnaire",
        title=form.title,
        media_type="application/pdf",
        content=papers.filled(by, patient, form, said),
        patient_id=patient_id,
    )
    filled = FilledForm.objects.create(
        **said,
        patient=patient,
        edition_id=_edition(by, form),
        visit_id=visit_id,
        document_id=paper.pk,
        consent=_consent(by, patient, form, said, paper),
        at=by.now,
        by_name=by.name,
    )
    record(by, "privacy.form.filled", filled, patients=[patient_id], form=key, edition=edition)
    return filled


@command(needs=Can.MOVE_PATIENT)
def put_to_visit(by: Actor, /, *, filled_ids: Sequence[UUID], visit_id: UUID) -> list[FilledForm]:
    """Let forms that were filled in ahead belong to the visit that has begun; return those that still stand."""
    rows = FilledForm.objects.select_for_update(of=("self",)).select_related("edition__form")
    found = list(rows.filter(pk__in=filled_ids, visit_id=None, taken_back_at=None).order_by("id"))
    for filled in found:
        filled.visit_id = visit_id
        filled.save(update_fields=["visit_id"])
    whose = list({filled.patient_id for filled in found})
    forms = [filled.edition.form.key for filled in found]
    record(by, "privacy.forms.put-to-visit", patients=whose, visit=str(visit_id), forms=forms)
    return found


@command(needs=Can.EDIT_PATIENTS)
def take_back_form(by: Actor, /, *, filled_id: UUID) -> FilledForm:
    """Take back a form that was the wrong one or the wrong patient's; it stays to be seen, and counts for nothing."""
    filled = FilledForm.objects.select_for_update(of=("self",)).select_related("consent").get(pk=filled_id)
    if filled.taken_back_at:
        raise Refusal(_("That form was taken back already."))
    filled.taken_back_at, filled.taken_back_by = by.now, by.name
    filled.save(update_fields=["taken_back_at", "taken_back_by"])
    documents.strike_paper(by, document_id=filled.document_id)
    if filled.consent and not filled.consent.withdrawn_at:
        withdraw_consent(by, consent_id=filled.consent.pk)
    record(by, "privacy.form.taken-back", filled, patients=[filled.patient_id])
    return filled


def _at_hand(key: str, edition: int) -> FormAtHand:
    form = filling.form_at_hand(key)
    if form is None or form.is_retired:
        raise NoSuchForm(_("The office has no such form any more."))
    if form.number != edition:
        raise FormHasChanged(_("This form has a newer edition by now. Read that one, and sign it."))
    return form


def _sound_answers(form: FormAtHand, answers: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for one in form.questions:
        answer = answers.get(one.key, "").replace("\x00", " ").strip()
        offered = [value for value, _words in one.offered("en")]
        if one.is_required and not answer:
            wrong[one.key] = _("Answer this.")
        elif (answer and offered and answer not in offered) or len(answer) > LONGEST_ANSWER:
            wrong[one.key] = _("Choose one of the list.") if offered else _("At most 1,000 signs.")
        elif answer:
            kept[one.key] = answer
    if wrong:
        raise UnsoundAnswer(_("Something is still to be answered."), **wrong)
    return kept


def _sound_signature(form: FormAtHand, name: str, strokes: str, *, agrees: bool) -> str:
    """Return who signs; a signature is drawn, or the name is typed and agreed to by a tick."""
    if not form.needs_signature:
        return ""
    if not name or len(name) > 200:
        sentence = _("Write the name of the person who signs.")
        raise UnsoundSignature(sentence, signed_by=sentence)
    lines = read_strokes(strokes) if strokes else []
    if lines is None or (strokes and not is_a_mark(lines)):
        sentence = _("That is no signature yet. Clear the pad and sign again, or tick the box instead.")
        raise UnsoundSignature(sentence, strokes=sentence)
    if not lines and not agrees:
        sentence = _("Sign on the pad, or tick that the typed name is the signature.")
        raise UnsoundSignature(sentence, agrees=sentence)
    return name


def _edition(by: Actor, form: FormAtHand) -> UUID:
    """Return the row of the edition; a shipped form gets its rows with its first signature."""
    if form.edition_id:
        return form.edition_id
    row, _made = OfficeForm.objects.get_or_create(
        key=form.key, defaults={"consent": form.consent, "needs_signature": form.needs_signature}
    )
    edition, _made = FormEdition.objects.get_or_create(
        form=row,
        number=form.number,
        defaults={
            "title": form.title,
            "title_es": form.title_es,
            "text": form.text,
            "text_es": form.text_es,
            "questions": form.lines,
            "made_at": by.now,
            "by_name": by.name,
        },
    )
    return edition.pk


def _consent(
    by: Actor, patient: Patient, form: FormAtHand, said: Mapping[str, object], paper: Document
) -> Consent | None:
    if not form.consent:
        return None
    who = f"{said['signed_by']}, {said['relationship']}" if said["relationship"] else str(said["signed_by"])
    return sign_notice(
        by, patient_id=patient.pk, kind=form.consent, signed_by=who[:200], document_id=paper.pk
    )
