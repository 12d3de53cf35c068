"""What every answer carries, and the one door into the office."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse

from daysheet.kernel import clock, drafts, once
from daysheet.kernel.access import Actor
from daysheet.kernel.audit import record
from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.tenancy import acting_in
from daysheet.practice.signing_in import LOCKED, watched
from daysheet.site import entrance
from daysheet.site.failures import failure
from daysheet.ui import htmx, tokens
from daysheet.ui.screens import ScreenRule
from daysheet.ui.trade import in_words_of

CSP = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "img-src 'self' data:"
)
OUTSIDE = ("allauth.", "django.views.i18n")
"""Views of libraries that stand outside the office by their own rules."""


class Headers:
    """Security headers on every answer; pages of the office are never kept by a browser or a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on and dress the answer."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.HTTPS:
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"
            )
        return response


class OfficeDoor:
    """Nobody passes unnamed: sign-in, practice, permission, form token and form key are asked here, once.

    The view runs in one transaction within the acting practice; a refusal's page still keeps the diary's lines.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the work is done when its view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Open the door for the view, or answer in its place."""
        rule: ScreenRule | None = getattr(view, "screen", None)
        if rule is None:
            if view.__module__.startswith(OUTSIDE):
                return self._own_sign_in(request, lambda: view(request, *args, **kwargs))
            raise Http404
        if rule.is_public:
            return None
        claim = entrance.read_pass(request)
        if claim is None or claim.practice_id is None:
            return self._to_sign_in(request)
        if claim.is_locked:
            return self._to_lock(request, claim, keeps_draft=rule.keeps_draft)
        if rule.keeps_awake and "X-Daysheet-Live" not in request.headers:  # news is not a person at work
            entrance.touch(request)
        with acting_in(claim.practice_id):
            try:
                with transaction.atomic():
                    return self._inside(request, rule, claim, view, args, kwargs)
            except NotPermitted as no:
                return self._denied(request, str(no))
            except Refusal as no:  # a screen with no form to show again: the sentence is its answer
                return failure(request, 409, no.sentence)
            except ObjectDoesNotExist as missing:  # another practice's thing is like a missing one
                raise Http404 from missing

    def _own_sign_in(
        self, request: HttpRequest, answer: Callable[[], HttpResponseBase]
    ) -> HttpResponseBase | None:
        """Keep the library's pages from a locked screen too; what a person changes on them goes into the diary."""
        claim = entrance.read_pass(request)
        if claim is None:
            return None
        if claim.is_locked:
            return self._to_lock(request, claim, keeps_draft=False)
        entrance.touch(request)
        if request.method != "POST":
            return None
        try:
            return watched(request, answer)
        except ReauthenticationRequired:
            return _away(request, reverse("account_reauthenticate"))

    def _inside(
        self,
        request: Any,
        rule: ScreenRule,
        claim: entrance.Pass,
        view: Callable[..., HttpResponseBase],
        args: Any,
        kwargs: Any,
    ) -> HttpResponseBase:
        found = entrance.member(request, claim)
        if found is None:
            logout(request)
            return self._to_sign_in(request)
        entrance.admit(request, found, claim.workstation)
        with in_words_of(found.practice.words):
            return self._admitted(request, rule, view, args, kwargs)

    def _admitted(
        self,
        request: Any,
        rule: ScreenRule,
        view: Callable[..., HttpResponseBase],
        args: Any,
        kwargs: Any,
    ) -> HttpResponseBase:
        actor: Actor = request.actor
        if rule.needs is not None:
            actor.must(rule.needs)
        if request.method != "POST":
            return view(request, *args, **kwargs)
        _leave_out_nul(request)
        try:
            tokens.check_practice(request)
            tokens.check_patient(request, kwargs)
        except Refusal as no:
            return failure(request, 409, no.sentence)
        key = tokens.once_key(request)
        if key is None:
            return view(request, *args, **kwargs)
        mine = {"key": key, "user_id": actor.user_id, "path": request.path}
        if not once.claim_key(practice_id=actor.practice_id, now=actor.now, **mine):
            return once.earlier_answer(**mine) or failure(
                request, 409, "This form was answered already. Reload the page to see how things stand."
            )
        response = view(request, *args, **kwargs)
        once.keep_answer(response, key=key)
        if "_draft" in request.POST and response.status_code < 400 and actor.user_id:
            drafts.drop_draft(user_id=actor.user_id, form=request.path)
        return response

    def _denied(self, request: Any, needs: str) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is not None:
            with transaction.atomic():
                record(actor, "kernel.permission.denied", needs=needs, path=request.resolver_match.view_name)
        return failure(request, 403)

    def _to_sign_in(self, request: HttpRequest) -> HttpResponseBase:
        return _away(request, settings.LOGIN_URL)

    def _to_lock(self, request: HttpRequest, claim: entrance.Pass, *, keeps_draft: bool) -> HttpResponseBase:
        request.session[LOCKED] = True
        if request.method == "POST" and claim.practice_id and keeps_draft:
            fields = {name: request.POST.getlist(name) for name in request.POST}
            form = _form_of(request)
            with acting_in(claim.practice_id), transaction.atomic():
                drafts.keep_draft(user_id=claim.user_id, form=form, fields=fields, now=clock.system_now())
            return _away(request, "/lock/", draft=form)
        return _away(request, "/lock/")


def _away(request: HttpRequest, to: str, draft: str = "") -> HttpResponseBase:
    """Send a browser away, whole page, with the way back to where it was."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _referring_path(request)
    if htmx.is_htmx(request):
        back = urlsplit(request.headers.get("HX-Current-URL", "/")).path or "/"
    address = f"{to}?next={quote(back)}" + (f"&draft={quote(draft)}" if draft else "")
    return htmx.hx_redirect(address) if htmx.is_htmx(request) else HttpResponseRedirect(address)


def _form_of(request: HttpRequest) -> str:
    """Return where a form belongs: what helps while it is filled in is sent to another address."""
    page = request.POST.get("_page", "")
    return page if page.startswith("/") and not page.startswith(("//", "/\\")) else request.path


def _referring_path(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", "/"))
    return parts.path if parts.path.startswith("/") and not parts.path.startswith("//") else "/"


def _leave_out_nul(request: Any) -> None:
    """Leave NULs out of what was sent: nobody types one, and the database keeps none in a text."""
    told = request.POST
    if not any("\x00" in value for _, values in told.lists() for value in values):
        return
    kept = QueryDict(mutable=True, encoding=told.encoding)
    for name, values in told.lists():
        kept.setlist(name, [value.replace("\x00", "") for value in values])
    kept._mutable = False
    request.POST = kept
