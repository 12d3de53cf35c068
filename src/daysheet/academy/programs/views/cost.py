"""What training costs: by kind, by school, and one's own bill with the help that is sure."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from daysheet.academy import public
from daysheet.academy.facts.entries import entries
from daysheet.academy.facts.registry import fact
from daysheet.academy.programs import queries, words
from daysheet.academy.programs.forms import CostForm
from daysheet.academy.programs.rules.cost import HELP, PARTS, Bill, aid, bill, spread
from daysheet.ui.screens import Request, screen

KINDS = ("certificate", "community", "technical", "online")
EXTRAS = ("books", "background", "attire")


@screen(public=True)
@public.kept
def cost(request: Request) -> HttpResponse:
    """Show what the kinds of program cost, and one's own bill."""
    form = CostForm({name: request.GET.get(name) for name in CostForm.base_fields if name in request.GET})
    form.is_valid()
    said = form.cleaned_data
    number = said.get("s")
    found = queries.details([number]) if number else []
    school = found[0] if found else None
    own = _bill(form, school)
    context: dict[str, Any] = {
        "form": form,
        "school": school,
        "is_unknown": "s" in form.errors or bool(number and not school),
        "bill": own,
        "payback": f"?{urlencode({'tuition': own.parts[0].amount or '', **own.help})}" if own else "",
        "parts": words.parts(),
        "kinds": [
            (_kind(key), words.fact_range(f"cost.{key}.tuition"), words.fact_range(f"cost.{key}.fees"))
            for key in KINDS
        ],
        "extras": [(words.parts()[key], words.fact_range(f"cost.{key}")) for key in EXTRAS],
        "associate": words.fact_range("program.associate.cost"),
        "exams": [fact("cert.cmaa.fee")],
        "price_years": queries.price_years(),
        "years": said.get("years") or 1,
        "dues": fact("cost.nha_dues"),
        "groups": [
            (words.controls()[control], words.levels()[level], per, told)
            for control, level, per, prices in queries.asked_by_kind()
            if (told := spread(prices))
        ],
        "helps": [(key, words.helps()[key], row) for key, row in aid().items()],
        "aid_entries": {entry.line: entry.words for entry in entries("aid")},
    }
    return public.page(request, "academy/programs_cost.html", context)


def _bill(form: CostForm, school: Any) -> Bill | None:
    said = form.cleaned_data
    if school is None and not any(said.get(key) is not None for key in (*PARTS, *HELP)):
        return None
    return bill(said, school, said.get("years") or 1, said)


def _kind(key: str) -> str:
    return {
        "certificate": _("Certificate"),
        "community": _("Community college"),
        "technical": _("Technical school"),
        "online": _("Online certificate"),
    }[key]
