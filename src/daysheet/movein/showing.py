"""How a file stands on its page: its step, what was found in words, the words of this office to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from daysheet.movein import looking, proving, queries
from daysheet.movein.models import OldFile
from daysheet.movein.rules.fields import KINDS
from daysheet.movein.wording import FIELD_WORDS, KIND_WORDS, OUTCOMES, sentence, sentences
from daysheet.patients.alert_forms import AUDIENCE_WORDS
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import recalls
from daysheet.schedule.models import AppointmentType

TONES = {
    "checked": "attention",
    "done": "done",
    "checking": "active",
    "running": "active",
    "undoing": "active",
}
SHOWN = 100
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as a row of the list."""

    file: OldFile
    kind: str
    tone: str
    state: str
    came: str


@dataclass(frozen=True, slots=True)
class FlawLine:
    """A row with something wrong, in words."""

    row: int
    words: str
    stops: bool


@dataclass(frozen=True, slots=True)
class TwinLine:
    """A row that is very like a chart or a row before it."""

    row: int
    name: str
    patient_id: str
    other: str
    why: str
    answer: str


def lines(files: Sequence[OldFile]) -> list[FileLine]:
    """Return files as rows of the list."""
    return [
        FileLine(one, str(KIND_WORDS[one.kind]), TONES.get(one.state, "neutral"), state_of(one), came_of(one))
        for one in files
    ]


def state_of(file: OldFile) -> str:
    """Return where a file stands, in words."""
    if file.state == OldFile.State.DONE and file.signed_at:
        return _("Proof signed")
    return str(file.get_state_display())


def came_of(file: OldFile) -> str:
    """Return what came of a file, in words."""
    told = [(key, int(file.figures.get(key, 0))) for key in proving.FATES]
    return ", ".join(f"{count:,} {str(OUTCOMES[key]).lower()}" for key, count in told if count)


def steps(file: OldFile) -> list[tuple[str, str, str | None]]:
    """Return the steps of a file on its way: words, state of the one table, note."""
    at = {"mapped": 0, "checking": 1, "checked": 2, "running": 2}.get(
        file.state, 4 if not file.signed_at else 5
    )
    if file.state in {OldFile.State.UNDOING, OldFile.State.UNDONE}:
        at = 5 if file.signed_at else 4
    now = "running" if file.state in {OldFile.State.CHECKING, OldFile.State.RUNNING} else "next"
    told = (_("Columns"), _("Look through"), _("Take in"), _("Proof"), _("Signature"))
    return [
        (words, "done" if place < at else now if place == at else "not_asked", None)
        for place, words in enumerate(told)
    ]


def flaws(file: OldFile) -> list[FlawLine]:
    """Return what is wrong with rows: as found by looking, or as the run left them."""
    if file.begun_at:
        return [FlawLine(one.row, sentences(one.why), True) for one in queries.left_over(file.pk, SHOWN)]
    return [
        FlawLine(row, sentence(column, code, said), bool(stops))
        for row, column, code, said, stops in file.found.get("flaws", [])[:SHOWN]
    ]


def twin_pages(file: OldFile) -> int:
    """Return on how many pages those stand who may have a chart already."""
    return max(1, -(-len(file.found.get("twins", [])) // queries.ON_A_PAGE))


def twins(file: OldFile, page: int = 1) -> list[TwinLine]:
    """Return the rows of a page that are very like a chart or a row before them, each with what was decided of it."""
    first = (page - 1) * queries.ON_A_PAGE
    found = file.found.get("twins", [])[first : first + queries.ON_A_PAGE]
    return [
        TwinLine(
            row,
            name,
            patient_id,
            _("chart %(n)s") % {"n": chart} if chart else _("row %(n)s of this file") % {"n": other},
            " · ".join(map(str, why)),
            file.decided.get(str(row), ""),
        )
        for row, name, patient_id, chart, other, why in found
    ]


def ours(file: OldFile) -> dict[str, Choices]:
    """Return what a word of a file may mean here, by field."""
    clinicians = [(f"{one.given} {one.family}", str(one)) for one in practice.providers()]
    places = [(one.name, one.name) for one in practice.locations()]
    visits = AppointmentType.objects.filter(is_active=True).order_by("rank", "name")
    kinds = [(one.name, one.name) for one in (recalls.types() if file.kind == "recalls" else visits)]
    ranks = [("1", _("Primary")), ("2", _("Secondary")), ("3", _("Tertiary"))]
    relations = [("self", _("Self")), ("spouse", _("Spouse")), ("child", _("Child")), ("other", _("Other"))]
    return {
        "provider": clinicians,
        "location": places,
        "type": kinds,
        "sex": [(key, _(str(words))) for key, words in Patient.Sex.choices],
        "status": [(key, _(str(words))) for key, words in Patient.Status.choices],
        "relationship": relations,
        "rank": ranks,
        "audience": [(key, str(words)) for key, words in AUDIENCE_WORDS.items()],
    }


def counts(file: OldFile) -> list[tuple[str, int, str]]:
    """Return what looking through says of the rows: words, number, tone."""
    told = (
        ("new", _("To be taken"), "done"),
        ("known", _("Here before, unchanged"), "neutral"),
        ("changed", _("Here before, to be updated"), "neutral"),
        ("alike", _("May have a chart already"), "attention"),
        ("left", _("Gone by or cancelled, left there"), "neutral"),
        ("nobody", _("Patient not here"), "stop"),
        ("taken", _("Time is taken here"), "stop"),
        ("bad", _("Cannot be taken"), "stop"),
    )
    every = [(key, words, int(file.found.get(key, 0)), tone) for key, words, tone in told]
    always = {"new", "bad"}
    return [(words, count, tone) for key, words, count, tone in every if count or key in always]


def unmapped(file: OldFile) -> list[str]:
    """Return the columns that tell nothing here."""
    return [column for column in file.columns if column not in file.mapped.values()]


def mapped(file: OldFile) -> list[tuple[str, str]]:
    """Return which column tells what, in words."""
    return [
        (str(FIELD_WORDS[key]), file.mapped[key]) for key in KINDS[file.kind].fields if key in file.mapped
    ]


def answers() -> Choices:
    """Return what may become of one row that may have a chart already."""
    return [("", _("As for all")), ("join", _("Same")), ("take", _("Other")), ("hold", _("Later"))]


def around(file: OldFile, page: int = 1) -> dict[str, Any]:
    """Return what the page of a file shows."""
    facts: dict[str, Any] = {
        "file": file,
        "kind": str(KIND_WORDS[file.kind]),
        "state": state_of(file),
        "tone": TONES.get(file.state, "neutral"),
        "steps": steps(file),
        "missing": looking.missing_fields(file),
        "columns": mapped(file),
        "unmapped": unmapped(file),
    }
    if file.state == OldFile.State.CHECKED:
        pages = twin_pages(file)
        page = min(max(page, 1), pages)
        facts |= {"counts": counts(file), "flaws": flaws(file), "found": file.found, "answers": answers()}
        facts |= {"twins": twins(file, page), "page": page, "pages": pages}
    if file.state in {OldFile.State.DONE, OldFile.State.UNDOING, OldFile.State.UNDONE}:
        facts |= {
            "proof": proving.proof_of(file),
            "flaws": flaws(file),
            "outcomes": OUTCOMES,
            "with_words": queries.taken_with_words(file.pk),
        }
    return facts
