"""The forms of the office as they stand today, the shipped ones among them, and who has filled them in."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from daysheet.privacy.models import FilledForm, FormEdition, OfficeForm
from daysheet.privacy.questions import Question, read_questions


@dataclass(frozen=True, slots=True)
class FormAtHand:
    """A form in its newest edition, as the desk reads it out."""

    key: str
    consent: str
    needs_signature: bool
    number: int
    title: str
    title_es: str
    text: str
    text_es: str
    lines: str = ""
    form_id: UUID | None = None
    """None: as shipped, and nobody has signed it yet."""
    edition_id: UUID | None = None
    is_retired: bool = False

    @property
    def questions(self) -> list[Question]:
        """Return what it asks."""
        return read_questions(self.lines)[0]

    def called(self, language: str) -> str:
        """Return its title in a language, or in English where it has no other."""
        return (self.title_es if language == "es" else "") or self.title

    def says(self, language: str) -> list[str]:
        """Return its paragraphs in a language, or in English where it has no other."""
        text = (self.text_es if language == "es" else "") or self.text
        return [line for line in text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Filled:
    """When a form was filled in last, and whether it has a newer edition."""

    on: date
    is_outdated: bool


@cache
def shipped() -> dict[str, FormAtHand]:
    """Return the forms that come with the office, by key."""
    table = tomllib.loads(resources.files("daysheet.privacy").joinpath("forms.toml").read_text("utf-8"))
    return {
        key: FormAtHand(
            key,
            row["consent"],
            row["signature"],
            1,
            row["title"],
            row["title_es"],
            row["text"].strip(),
            row["text_es"].strip(),
            row.get("questions", "").strip(),
        )
        for key, row in table.items()
    }


def key_of(title: str) -> str:
    """Return a short name of a form for addresses and rules, made of its title."""
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].strip("-")
    return key if key not in ("", "new") else f"form-{key}".strip("-")


def forms_at_hand(*, retired: bool = False) -> dict[str, FormAtHand]:
    """Return every form in its newest edition by key, the retired ones only when asked for: one statement."""
    found = dict(shipped())
    newest = FormEdition.objects.select_related("form").order_by("form_id", "-number").distinct("form_id")
    for row in newest:
        found[row.form.key] = _at_hand(row)
    return {key: one for key, one in found.items() if retired or not one.is_retired}


def form_at_hand(key: str) -> FormAtHand | None:
    """Return one form in its newest edition."""
    return forms_at_hand(retired=True).get(key)


def _at_hand(row: FormEdition) -> FormAtHand:
    return FormAtHand(
        row.form.key,
        row.form.consent,
        row.form.needs_signature,
        row.number,
        row.title,
        row.title_es,
        row.text,
        row.text_es,
        row.questions,
        row.form_id,
        row.pk,
        row.form.retired_at is not None,
    )


def filled_of(patient_id: UUID) -> QuerySet[FilledForm]:
    """Return what a patient signed and filled in, newest first, without what was taken back."""
    rows = FilledForm.objects.filter(patient_id=patient_id, taken_back_at=None)
    return rows.select_related("edition__form").order_by("-at", "-id")


def filled_at(visit_id: UUID) -> QuerySet[FilledForm]:
    """Return what was filled in at a visit and stands, newest first."""
    rows = FilledForm.objects.filter(visit_id=visit_id, taken_back_at=None)
    return rows.select_related("edition__form").order_by("-at", "-id")


def last_filled(patient_id: UUID, forms: Iterable[FormAtHand], zone: ZoneInfo) -> dict[str, Filled]:
    """Return for each form on which day at the door a patient filled it in last: one statement."""
    newest = {one.key: one.number for one in forms}
    rows = FilledForm.objects.filter(patient_id=patient_id, taken_back_at=None).order_by("at", "id")
    return {
        key: Filled(at.astimezone(zone).date(), number < newest.get(key, number))
        for key, number, at in rows.values_list("edition__form__key", "edition__number", "at")
    }


def office_form(key: str) -> OfficeForm | None:
    """Return the row of a form, if the office has signed or changed it."""
    return OfficeForm.objects.filter(key=key).first()
