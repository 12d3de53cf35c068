"""Payback: after how many months a course has paid for itself, or never."""

from typing import Any

from django.http import HttpResponse

from daysheet.academy import public
from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import NATION, THE_JOB
from daysheet.academy.pay import queries as pay
from daysheet.academy.planner.costing import cost_of
from daysheet.academy.planner.forms.payback import PaybackForm
from daysheet.academy.planner.rules.payback import forgone_wages, grid, net_cost
from daysheet.academy.programs.rules.cost import HELP
from daysheet.ui.screens import Request, screen

RECEPTIONIST = "43-4171"


@screen(public=True)
@public.kept
def payback(request: Request) -> HttpResponse:
    """Show the months for three costs and three pays, and what each number rests on."""
    form = PaybackForm(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    found = [row["area"] for row in pay.states() if row["state"] == said.get("state")]
    area = found[0] if found else NATION
    job, receptionist = pay.pay(THE_JOB, area), pay.pay(RECEPTIONIST, area)
    known = dict(job.curve.points) if job else {}
    now = said.get("wage_now") or (receptionist.median if receptionist else None)
    context: dict[str, Any] = {
        "form": form,
        "job": job,
        "now": now,
        "is_typed": bool(said.get("wage_now")),
        "source": pack.source(job.source) if job else None,
        "cost": None,
    }
    if now and (not form.is_bound or form.is_valid()):
        context.update(_reckoned(said, now, [known.get(point) for point in (25, 50, 75)]))
    return public.page(request, "academy/payback.html", context)


def _reckoned(said: dict[str, Any], now: int, pays: list[int | None]) -> dict[str, Any]:
    cost = cost_of(said.get("program") or _usual(said), said.get("tuition"))
    aid = [said.get(name) or 0 for name in HELP]
    studying = said.get("wage_studying")
    forgone = forgone_wages(now, now if studying is None else studying, said.get("months") or 0)
    nets = [net_cost(total, aid, forgone=forgone) for total in (cost.low.total, cost.middle, cost.high.total)]
    return {"cost": cost, "aid": sum(aid), "forgone": forgone, "pays": pays, "grid": grid(nets, pays, now)}


def _usual(said: dict[str, Any]) -> str:
    """Return the kind of course when none is chosen: a price that one knows counts, else a certificate's range."""
    return "certificate" if said.get("tuition") is None else "own"
