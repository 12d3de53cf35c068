"""What the office's forms say and ask: a form written, its next edition, retired, taken up again."""

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.privacy import filling
from daysheet.privacy.commands.filling import NoSuchForm, _edition
from daysheet.privacy.filling import FormAtHand
from daysheet.privacy.models import FormEdition, OfficeForm
from daysheet.privacy.questions import Unread, read_questions
from daysheet.privacy.rules import WORDS

LONGEST_TITLE, LONGEST_TEXT = 120, 20_000


class UnsoundForm(Refusal):
    """A form without a title or a text, or with a question that cannot be read."""


@command(needs=Can.MANAGE_OFFICE)
def keep_form(
    by: Actor,
    /,
    *,
    key: str = "",
    edition: int = 0,
    title: str,
    title_es: str = "",
    text: str,
    text_es: str = "",
    questions: str = "",
    needs_signature: bool = True,
    consent: str = "",
) -> FormEdition:
    """Write a form, or the next edition of one; what was signed keeps the edition that was signed.

    Raises UnsoundForm, or StaleForm when somebody wrote an edition meanwhile.
    """
    texts = {"title": title, "title_es": title_es, "text": text, "text_es": text_es, "questions": questions}
    texts = {name: said.replace("\x00", " ").replace("\r\n", "\n").strip() for name, said in texts.items()}
    _must_be_sound(texts, consent)
    if consent and not needs_signature:
        sentence = _("A consent is given by a signature: tick that it is signed.")
        raise UnsoundForm(sentence, needs_signature=sentence)
    before = filling.form_at_hand(key) if key else None
    if (before.number if before else 0) != edition:
        raise _stale()
    form = _form(key or filling.key_of(texts["title"]), before)
    form.consent, form.needs_signature = consent, needs_signature
    form.save()
    with refusing(form_edition_number_is_own=_stale()):
        row = FormEdition.objects.create(
            **texts, form=form, number=edition + 1, made_at=by.now, by_name=by.name
        )
    record(by, "privacy.form.worded", row, form=form.key, edition=row.number)
    return row


@command(needs=Can.MANAGE_OFFICE)
def retire_form(by: Actor, /, *, key: str) -> OfficeForm:
    """Ask for a form no more; what was signed stays."""
    return _retired(by, key, is_retired=True)


@command(needs=Can.MANAGE_OFFICE)
def restore_form(by: Actor, /, *, key: str) -> OfficeForm:
    """Let a retired form be asked for again."""
    return _retired(by, key, is_retired=False)


def _retired(by: Actor, key: str, *, is_retired: bool) -> OfficeForm:
    known = filling.form_at_hand(key)
    if known is None:
        raise NoSuchForm(_("The office has no such form any more."))
    _edition(by, known)
    form = OfficeForm.objects.select_for_update().get(key=key)
    form.retired_at = by.now if is_retired else None
    form.save(update_fields=["retired_at"])
    record(by, f"privacy.form.{'retired' if is_retired else 'restored'}", form, form=key)
    return form


def _form(key: str, before: FormAtHand | None) -> OfficeForm:
    """Return the row of a form to change, locked, or a new one."""
    found = OfficeForm.objects.select_for_update().filter(key=key).first()
    if before is None and (found or key in filling.shipped()):
        sentence = _("There is a form of that title already. Change that one.")
        raise UnsoundForm(sentence, title=sentence)
    return found or OfficeForm(key=key)


def _must_be_sound(texts: dict[str, str], consent: str) -> None:
    for name, longest in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT)):
        if not texts[name]:
            raise UnsoundForm(_("A form has a title and a text."), **{name: _("Write this.")})
        for one in (name, f"{name}_es"):
            if len(texts[one]) > longest:
                sentence = _("At most %(most)s signs.") % {"most": longest}
                raise UnsoundForm(sentence, **{one: sentence})
    if consent and consent not in WORDS:
        raise UnsoundForm(_("Choose a consent of the list."), consent=_("Choose one of the list."))
    _questions, wrong = read_questions(texts["questions"])
    if wrong or len(texts["questions"]) > LONGEST_TEXT:
        said = " ".join(_in_words(one) for one in wrong[:5]) or _("At most 20,000 signs.")
        raise UnsoundForm(_("Some lines are no questions."), questions=said)


def _in_words(one: Unread) -> str:
    why = {
        "kind": _("begin with yes_no, choice, text, number or date"),
        "words": _("the question itself is missing"),
        "choices": _("give two answers or more, each another, with ; between them"),
        "too_long": _("it is too long"),
        "too_many": _("there are more than 60 questions"),
    }[one.code]
    return _("Line %(line)d: %(why)s.") % {"line": one.line, "why": why}


def _stale() -> StaleForm:
    return StaleForm(_("Somebody wrote a newer edition of this form meanwhile. Look at it first."))
