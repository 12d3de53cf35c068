"""The proof of a file on paper, for a person to sign and to keep."""

from typing import Any

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.money import say
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.movein.models import OldFile
from daysheet.movein.proving import proof_of
from daysheet.movein.wording import KIND_WORDS, OUTCOMES
from daysheet.ui import words


def proof_paper(by: Actor, file: OldFile) -> bytes:
    """Return the proof of a file as PDF."""
    zone, proof = Practice.objects.get(pk=by.practice_id).zone, proof_of(file)

    def when(moment: Any) -> str:
        return f"{moment.astimezone(zone):%b %-d, %Y, %-I:%M %p}" if moment else ""

    rows = [[str(OUTCOMES[key]), f"{count:,}"] for key, count in proof.fates]
    notes = [
        _("Rows read are the sum of these. Counted in the charts: %(n)s of those taken.")
        % {"n": f"{proof.here:,}"}
    ]
    if file.kind == "balances":
        notes += [
            _("The file tells of %(told)s; %(brought)s was brought forward, %(left)s was left behind.")
            % {"told": say(proof.told), "brought": say(proof.brought), "left": say(proof.left_behind)},
            _(
                "In the book, added up line by line: %(book)s on %(n)s accounts. Accounts that differ: %(off)s."
            )
            % {"book": say(proof.book), "n": f"{proof.accounts:,}", "off": len(proof.off)},
        ]
    notes.append(_("The proof comes out.") if proof.is_right else _("The proof does not come out."))
    if file.signed_at:
        notes.append(
            _("Signed by %(who)s, %(when)s.") % {"who": file.signed_by, "when": when(file.signed_at)}
        )
    else:
        notes.append(_("Signature: ______________________________   Date: ______________"))
    facts: dict[str, Any] = {
        "title": _("Moving in: proof of file %(n)s") % {"n": file.number},
        "foot": _("Made %(day)s") % {"day": words.day(by.now.astimezone(zone).date())},
        "facts": [
            [_("File"), file.name],
            [_("Holds"), str(KIND_WORDS[file.kind])],
            [_("From"), file.system],
            [_("SHA-256"), file.digest],
            [_("Taken in by"), f"{file.run_by}, {when(file.ended_at)}"],
        ],
        "columns": [{"label": _("What came of a row")}, {"label": _("Rows"), "end": True, "width": "auto"}],
        "rows": rows,
        "total": [_("Read"), f"{proof.read:,}"],
        "notes": notes,
        "made_at": by.now.isoformat(),
    }
    return pdf.render("table", letters.frame(by) | facts)
