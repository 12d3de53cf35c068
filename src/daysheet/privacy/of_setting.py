"""What a care setting brings to the forms of the office: consents and questions, in our own words."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.practice.care_settings import CareSetting
from daysheet.practice.setting_parts import COMES, HERE, RETIRED, Part, Piece, brings
from daysheet.privacy import commands, filling


def register() -> None:
    """Register the part."""
    brings(Part("forms", 20, forms, add_forms, retire_forms))


def forms(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return the forms of a setting as they stand in the practice, also under a newer title."""
    here = {key: one.is_retired for key, one in filling.forms_at_hand(retired=True).items()}
    states = {True: RETIRED, False: HERE, None: COMES}
    return [
        Piece(
            one.title,
            _("signed") if one.is_signed else _("filled in"),
            states[here.get(filling.key_of(one.title))],
            one.text,
        )
        for one in held.forms
    ]


def add_forms(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Write the setting's forms, or ask for retired ones again."""
    told = {one.title: one for one in held.forms}
    found = {}
    for piece in pieces:
        if piece.state == RETIRED:
            found[piece.name] = commands.restore_form(by, key=filling.key_of(piece.name)).key
            continue
        one = told[piece.name]
        edition = commands.keep_form(
            by,
            title=one.title,
            title_es=one.title_es,
            text=one.text,
            text_es=one.text_es,
            questions=one.questions,
            needs_signature=one.is_signed,
            consent=one.consent,
        )
        found[piece.name] = edition.form.key
    return found


def retire_forms(by: Actor, brought: Mapping[str, str]) -> None:
    """Ask no more for forms that still bear the title with which they came; what was signed stays."""
    here = filling.forms_at_hand()
    for title, key in brought.items():
        if key in here and here[key].title == title:
            commands.retire_form(by, key=key)
