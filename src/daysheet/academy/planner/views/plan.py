"""One's own path: read from the address, shown, printed, put into a calendar, kept as a file."""

from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from daysheet.academy import public
from daysheet.academy.languages import place
from daysheet.academy.planner import words
from daysheet.academy.planner.calendar import CALENDAR, calendar_file
from daysheet.academy.planner.keeping import read_file
from daysheet.academy.planner.reading import Plan, read_plan
from daysheet.academy.planner.rules.plan import MOST_HOURS, as_evidence, out_of_order, where_am_i
from daysheet.kernel.errors import Refusal
from daysheet.ui.screens import Request, screen


@screen(public=True)
def path(request: Request) -> HttpResponse:
    """Show the five steps, where one stands, and the hours so far."""
    return _shown(request, _read(request.GET))


@screen(public=True)
def plan_calendar(request: Request) -> HttpResponse:
    """Return the planned days as a calendar file."""
    told = words.steps()
    days = [(step.by, told[step.key].title) for step in _read(request.GET).steps if step.by]
    return public.download(calendar_file(days, made_at=public.now()), "my-plan.ics", CALENDAR)


@screen(public=True)
def plan_file(request: Request) -> HttpResponse:
    """Return the plan as a file that this page can read again."""
    body = orjson.dumps({"daysheet": "plan", "plan": _read(request.GET).kept}, option=orjson.OPT_INDENT_2)
    return public.download(body, "my-plan.json", "application/json")


@csrf_exempt  # reads a file and answers with an address: nothing is written, nobody is signed in
@screen(public=True, methods=("POST",))
def plan_open(request: Request) -> HttpResponse:
    """Open a plan that was kept as a file: its words go back into the address."""
    try:
        kept = read_file(request.FILES.get("plan"))
    except Refusal as no:
        return _shown(request, _read(QueryDict()), refusal=no.sentence, status=422)
    return HttpResponseRedirect(f"{place('path')}?{urlencode(kept)}", status=303)


def _shown(request: Request, plan: Plan, refusal: str = "", status: int = 200) -> HttpResponse:
    here = where_am_i(plan.steps)
    told = words.steps()
    context: dict[str, Any] = {
        "rows": [(step, told[step.key], plan.forms[step.key]) for step in plan.steps],
        "standing": told[here.key] if here else None,
        "wrong": [told[key].title for key in out_of_order(plan.steps)],
        "log": plan.log,
        "shown": max((n for n in range(1, MOST_HOURS + 1) if _is_begun(plan, n)), default=0) + 2,
        "sums": plan.sums,
        "check": f"{reverse('academy:certificate-check')}?{urlencode(as_evidence(plan.sums))}",
        "query": urlencode(plan.kept),
        "name": plan.kept.get("name", ""),
        "refusal": refusal,
    }
    answer = public.page(request, "academy/path.html", context)
    answer.status_code = status
    return answer


def _is_begun(plan: Plan, number: int) -> bool:
    return any(name.startswith(f"h{number}-") for name in plan.kept)


def _read(said: QueryDict) -> Plan:
    return read_plan(said, today=public.today())
