"""A file taken in from the command line: the same commands as the pages, told in words or as one document."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.money import say
from daysheet.kernel.tenancy import acting_in
from daysheet.movein import commands, driving, leftover, looking, proving
from daysheet.movein.models import OldFile
from daysheet.movein.proving import FileProof
from daysheet.movein.wording import KIND_WORDS, OUTCOMES, sentence


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file shall be taken in."""

    kind: str = ""
    system: str = "Old system"
    map_name: str = ""
    alike: str = "hold"
    is_dry: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a file."""

    document: dict[str, Any]
    words: str
    has_findings: bool
    left_rows: str = ""


def take_in(
    place: Practice, *, content: bytes, name: str, wish: Wish, tell: Callable[[int, int], None]
) -> Told:
    """Take a file in, or only look it through; what was not taken is told with its reasons. Raises a Refusal."""
    by = Actor.system(practice_id=place.pk, now=place.now(), name="Import")
    file = None if wish.is_dry else _stopped(place, content)
    file = file or _read(by, content, name, wish)
    if wish.is_dry:
        with acting_in(place.pk), transaction.atomic():
            rows = leftover.left_rows(file, today=looking.today(by))
        commands.drop_file(by, file_id=file.pk)
        return _looked(place, file, rows)
    commands.begin_run(by, file_id=file.pk, here=True)
    file = driving.run(by, file.pk, tell=tell)
    with acting_in(place.pk), transaction.atomic():
        proof = proving.proof_of(file)
        rows = leftover.left_rows(file, today=looking.today(by))
    return _taken(place, file, proof, rows)


def _stopped(place: Practice, content: bytes) -> OldFile | None:
    """Return the run of the very same file that was stopped in the middle, if there is one: it goes on."""
    with acting_in(place.pk), transaction.atomic():
        digest = hashlib.sha256(content).hexdigest()
        return OldFile.objects.filter(digest=digest, state=OldFile.State.RUNNING).first()


def _read(by: Actor, content: bytes, name: str, wish: Wish) -> OldFile:
    file = commands.bring_file(
        by, name=name, content=content, system=wish.system, kind=wish.kind, map_name=wish.map_name
    )
    try:
        if wish.alike != file.alike:
            file = commands.set_columns(
                by,
                file_id=file.pk,
                version=file.version,
                columns=file.mapped,
                day_first=file.day_first,
                meanings=file.meanings,
                alike=wish.alike,
            )
        return commands.look_through(by, file_id=file.pk)
    except Refusal:
        commands.drop_file(by, file_id=file.pk)
        raise


def _looked(place: Practice, file: OldFile, rows: str) -> Told:
    found = file.found
    lines = [
        _("%(practice)s: %(file)s, looked through as %(kind)s. Nothing was written.")
        % {"practice": place.name, "file": file.name, "kind": str(KIND_WORDS[file.kind]).lower()},
        *_columns(file),
        _("Rows: %(n)s") % {"n": f"{found['read']:,}"},
        *(f"  {key}: {found[key]:,}" for key in ("new", "known", "changed", "alike", "bad") if found[key]),
        *(f"  {key}: {say_amount(amount)}" for key, amount in found["money"].items()),
        *(f"  {_('row')} {flaw[0]}, {sentence(*flaw[1:4])}" for flaw in found["flaws"][:20]),
    ]
    document = {"practice": place.name, "kind": file.kind, "dry_run": True, "columns": file.mapped} | found
    return Told(document, "\n".join(lines), bool(found["bad"]), rows)


def _taken(place: Practice, file: OldFile, proof: FileProof, rows: str) -> Told:
    lines = [
        _("%(practice)s: %(file)s, taken in as %(kind)s.")
        % {"practice": place.name, "file": file.name, "kind": str(KIND_WORDS[file.kind]).lower()},
        *_columns(file),
        _("Rows: %(n)s") % {"n": f"{proof.read:,}"},
        *(f"  {OUTCOMES[key]}: {count:,}" for key, count in proof.fates if count),
    ]
    if file.kind == "balances":
        lines.append(
            _("Money: %(told)s in the file, %(brought)s taken, %(book)s in the book.")
            % {"told": say(proof.told), "brought": say(proof.brought), "book": say(proof.book)}
        )
    lines.append(_("The proof comes out.") if proof.is_right else _("The proof does not come out."))
    document = {
        "practice": place.name, "file": file.number, "kind": file.kind, "columns": file.mapped, "read": proof.read,
        **dict(proof.fates), "told": str(proof.told), "brought": str(proof.brought), "book": str(proof.book),
        "proof": proof.is_right,
    }  # fmt: skip
    bad = any(count for key, count in proof.fates if key in {"bad", "held"})
    return Told(document, "\n".join(lines), bad or not proof.is_right, rows)


def _columns(file: OldFile) -> list[str]:
    return [
        _("Columns: %(told)s") % {"told": ", ".join(f"{key} = {name}" for key, name in file.mapped.items())}
    ]


def say_amount(amount: str) -> str:
    """Return an amount of the look as a desk says it."""
    return say(Decimal(amount))
