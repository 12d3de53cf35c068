"""The floor over HTTP: the same page, session and SQL in bare Django.

The first time an address is asked, the office itself answers in this process, and its statements and its page's
facts are noted. From then on each answer is: session and user by Django, the same statements again in one
transaction with row-level security, and the same template drawn from the same facts. What is missing is what the
office adds: the door, permissions, commands, queries as objects, and the diary.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.backends import jinja2
from django.test import override_settings

from daysheet.kernel.ids import new_id
from daysheet.kernel.tenancy import acting_in
from daysheet.practice.signing_in import PRACTICE
from daysheet.site.bench.bare import BOOK
from daysheet.site.bench.plan import NOW

OWN = ("django_session", "auth_person", '"membership"', "audit_line", "SAVEPOINT")
"""Statements that the floor makes by itself, or does without."""
FORGOTTEN = ("csrfmiddlewaretoken", "_once")
OFFICE = ("actor", "office", "screen", "rule")


@dataclass(slots=True)
class Note:
    """What an answer of the office was made of."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    template: Any = None
    facts: dict[str, Any] = field(default_factory=dict)
    request: Any = None
    content: bytes = b""


noting: ContextVar[Note | None] = ContextVar("noting", default=None)
notes: dict[tuple[str, ...], Note] = {}
lock = threading.Lock()
draw = jinja2.Template.render


def as_the_office(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Let the office's own addresses answer."""

    def office(request: HttpRequest) -> Any:
        request.urlconf = "daysheet.site.urls"
        return get_response(request)

    return office


def book(request: WSGIRequest, patient_id: UUID) -> HttpResponse:
    """Take the time of the form by one bare statement, and send the browser on."""
    if request.method != "POST":
        return answer(request)
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    clinician, door, minutes = request.POST["slot"].split(".")
    at = datetime.fromtimestamp(int(minutes) * 60, UTC)
    practice = request.session[PRACTICE]
    with acting_in(practice), transaction.atomic(), connection.cursor() as cursor:
        until, kind = at + timedelta(minutes=15), request.POST["type"]
        cursor.execute(
            BOOK, [new_id(), practice, patient_id, clinician, door, kind, at, until, at.date(), NOW]
        )
    return HttpResponse(status=303, headers={"Location": "/desk/"})


def answer(request: WSGIRequest) -> HttpResponse:
    """Answer as the office did, from what was noted then."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    note = _note(request)
    with acting_in(request.session[PRACTICE]), transaction.atomic(), connection.cursor() as cursor:
        for statement, values in note.statements:
            cursor.execute(statement, values)
            if cursor.description:
                cursor.fetchall()
        if note.template is None:
            return HttpResponse(note.content)
        for name in OFFICE:
            if hasattr(note.request, name):
                setattr(request, name, getattr(note.request, name))
        return HttpResponse(draw(note.template, note.facts, request))


def _note(request: WSGIRequest) -> Note:
    posted = sorted((name, value) for name, value in request.POST.items() if name not in FORGOTTEN)
    key = (request.method or "", request.get_full_path(), str(posted))
    with lock:
        if key not in notes:
            notes[key] = _ask_the_office(request)
        return notes[key]


def _ask_the_office(request: WSGIRequest) -> Note:
    note = Note()
    token = noting.set(note)
    again = WSGIRequest(request.environ | {"wsgi.input": BytesIO(request.body)})
    try:
        with _hearing(note):
            response = _office().get_response(again)
    finally:
        noting.reset(token)
    if response.status_code != 200:
        raise RuntimeError(f"the office answered {response.status_code} to the floor")
    note.content = getattr(response, "content", b"")
    return note


@contextmanager
def _hearing(note: Note) -> Iterator[None]:
    def hear(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if not any(word in sql for word in OWN):
            note.statements.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(hear):
        yield


@cache
def _office() -> WSGIHandler:
    with override_settings(
        MIDDLEWARE=settings.OFFICE_MIDDLEWARE  # type: ignore[misc]
    ):
        return WSGIHandler()


def _render(self: Any, context: dict[str, Any] | None = None, request: Any = None) -> str:
    note = noting.get()
    if note is not None and note.template is None:
        note.template, note.facts, note.request = self, dict(context or {}), request
    return draw(self, context, request)


jinja2.Template.render = _render  # type: ignore[method-assign]
