"""Signing in and out, the lock, the switch of practice, one's own settings."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.mixins import RedirectAuthenticatedUserMixin
from allauth.account.views import LoginView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from daysheet.kernel import drafts
from daysheet.kernel.access import Can, roles
from daysheet.kernel.errors import Refusal
from daysheet.practice import commands, queries, signing_in
from daysheet.practice.forms import WORKSTATION_NAMES, PinForm, TakeOverForm, UnlockForm, WorkstationForm
from daysheet.practice.founding import may_found_by_page
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen


def _way_back(request: Request) -> str:
    """Return the page to go on to: the one named, if it is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe and not wanted.startswith(("//", "/sign-in", "/lock")) else "/"


def _sign_in_page(request: Request, form: Any = None, *, wrong: str = "") -> HttpResponse:
    """Draw the sign-in page, with the cards where there is a demonstration practice; `wrong` says what did not match."""
    told = {
        "form": form,
        "cards": signing_in.demo_cards(),
        "may_found": may_found_by_page(),
        "next": _way_back(request),
        "wrong": wrong,
    }
    return render(request, "practice/sign-in.html", told, status=422 if wrong else 200)


class SignIn(LoginView):  # type: ignore[misc]
    """The sign-in page: user name and password, a passkey, or a card of the demonstration practice."""

    def render_to_response(self, context: dict[str, Any], **_kwargs: object) -> HttpResponse:
        """Draw the page at once."""
        form = context["form"]
        return _sign_in_page(self.request, form, wrong="password" if form.errors else "")

    def get_success_url(self) -> str:
        """Return where to go once signed in."""
        return _way_back(self.request)


sign_in = screen(public=True, methods=("GET", "HEAD", "POST"))(SignIn.as_view())


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """What stands behind "Use a passkey": a challenge to the script that asks, and the passkey's answer to it."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Draw the sign-in page again, saying that the passkey does not fit."""
        return _sign_in_page(self.request, wrong="passkey")

    def get_success_url(self) -> str:
        """Return where to go once signed in."""
        return _way_back(self.request)


sign_in_passkey = screen(public=True, methods=("GET", "HEAD", "POST"))(SignInByPasskey.as_view())


@screen(public=True, methods=("POST",))
def sign_in_demo(request: Request) -> HttpResponse:
    """Sign in as the demonstration practice's person of the role that the button names."""
    place = signing_in.enter_demo(request, role=request.POST.get("role", ""))
    return HttpResponseRedirect(_way_back(request) if place else reverse("practice:sign-in"))


@screen(public=True, methods=("POST",))
def sign_out(request: Request) -> HttpResponse:
    """End the sign-in."""
    signing_in.leave(request)
    logout(request)
    return HttpResponseRedirect(reverse("practice:sign-in"))


@screen(public=True, methods=("GET", "HEAD", "POST"))
def lock(request: Request) -> HttpResponse:
    """Lock the screen, or unlock it with the person's own password; nothing of the office is shown meanwhile."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("practice:sign-in"))
    if request.method == "POST" and "password" not in request.POST:
        request.session[signing_in.LOCKED] = True
        return HttpResponseRedirect(f"{reverse('practice:lock')}?{urlencode({'next': _way_back(request)})}")
    form = UnlockForm(request.POST or None)
    if request.method == "POST":
        if signing_in.unlock(request, form.data.get("password", "")):
            return _go_on(request)
        if signing_in.SEEN not in request.session:  # five wrong tries ended the sign-in
            return HttpResponseRedirect(reverse("practice:sign-in"))
        return _lock_page(request, wrong="password")
    return _lock_page(request)


def _lock_page(request: Request, *, wrong: str = "") -> HttpResponse:
    """Lock the screen and draw its page; `wrong` says what did not match: the password, the PIN or the passkey."""
    request.session[signing_in.LOCKED] = True
    told = {
        "name": signing_in.name_of(request),
        "next": _way_back(request),
        "draft": request.POST.get("draft") or request.GET.get("draft") or "",
        "wrong": wrong,
        "is_demo": request.user.get_username().startswith("demo-"),
        "others": signing_in.may_take_over(request),
    }
    return render(request, "practice/lock.html", told, status=422 if wrong else 200)


def _go_on(request: Request) -> HttpResponse:
    """Lead the person of an unlocked screen back, by way of what was sent while it was locked."""
    back, draft = _way_back(request), request.POST.get("draft", "")
    if draft:
        return HttpResponseRedirect(
            f"{reverse('practice:resume')}?{urlencode({'draft': draft, 'next': back})}"
        )
    return HttpResponseRedirect(back)


class OpenByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """What stands behind "Use a passkey" on the lock: its own person goes on, another of the practice takes over."""

    def dispatch(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:
        """Answer where somebody is signed in; the library's own view sends such a person away."""
        if not request.user.is_authenticated:
            return HttpResponseRedirect(reverse("practice:sign-in"))
        beyond: Any = super(RedirectAuthenticatedUserMixin, self)
        answer: HttpResponse = beyond.dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on, or let the holder of the passkey take over."""
        key, was = form.cleaned_data["credential"], self.request.user.pk
        if signing_in.open_by_passkey(self.request, key.user) is None:
            return _lock_page(self.request, wrong="passkey")
        key.record_usage()
        return _go_on(self.request) if key.user_id == was else HttpResponseRedirect("/")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Draw the lock again, saying that the passkey does not fit."""
        return _lock_page(self.request, wrong="passkey")


open_by_passkey = screen(public=True, methods=("GET", "HEAD", "POST"))(OpenByPasskey.as_view())


@screen(public=True, methods=("POST",))
def take_over(request: Request) -> HttpResponse:
    """Let another person of the practice go on at a locked workstation, by PIN."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("practice:sign-in"))
    form = TakeOverForm(request.POST)
    fits = form.is_valid() and signing_in.take_over(
        request, membership_id=form.cleaned_data["member"], pin=form.cleaned_data["pin"]
    )
    if fits:
        return HttpResponseRedirect("/")
    return _lock_page(request, wrong="pin")


@screen(needs=Can.WORK, methods=("GET", "HEAD", "POST"), keeps_draft=False)
def pin(request: Request) -> HttpResponse:
    """Set one's own PIN after the password, or let it go."""
    name, piece = "practice/pin.html", "_pin_form.html"
    is_demo = request.user.get_username().startswith("demo-")
    if request.method != "POST":
        return page(request, name, {"form": PinForm(is_demo=is_demo)})
    form = PinForm(request.POST, is_demo=is_demo)
    if not form.is_valid():
        return invalid(request, name, piece, form)
    if not signing_in.knows_password(request, form.cleaned_data["password"]):
        if signing_in.SEEN not in request.session:  # five wrong tries ended the sign-in
            return HttpResponseRedirect(reverse("practice:sign-in"))
        form.add_error("password", _("That is not your password."))
        return invalid(request, name, piece, form)
    try:
        kept = commands.set_pin(request.actor, pin=form.cleaned_data["pin"])
    except Refusal as no:
        return refused(request, name, piece, form, no)
    said = _("Your PIN opens a locked workstation of this practice.") if kept.pin else _("You have no PIN.")
    return done(request, reverse("practice:profile"), toast=said)


@screen(needs=Can.WORK, methods=("POST",))
def letter_keys(request: Request) -> HttpResponse:
    """Switch one's own keys of one letter on or off."""
    person = commands.set_letter_keys(request.actor, are_on=request.POST.get("on") == "yes")
    said = _("Keys of one letter are on.") if person.letter_keys else _("Keys of one letter are off.")
    return done(request, reverse("practice:profile"), toast=said)


@screen(needs=Can.WORK)
def resume(request: Request) -> HttpResponse:
    """Show the form that was sent while the screen was locked, to be sent now or let go."""
    form = request.GET.get("draft", "")
    kept = drafts.draft_of(user_id=request.actor.user_id, form=form) if request.actor.user_id else None
    if kept is None or not form.startswith("/") or form.startswith("//"):
        return HttpResponseRedirect(_way_back(request))
    fields = [(name, value) for name, values in kept.fields.items() for value in values if name != "_method"]
    return page(
        request,
        "practice/resume.html",
        {"action": form, "fields": fields, "back": _way_back(request), "kept": kept},
    )


@screen(needs=Can.WORK, methods=("GET", "HEAD", "POST"))
def draft(request: Request) -> HttpResponse:
    """Keep what is being typed, or give it back to the page that asks."""
    user_id = request.actor.user_id
    form = request.POST.get("_page") or request.GET.get("page") or ""
    if user_id is None or not form.startswith("/"):
        return JsonResponse({"kept": None}, status=400)
    if request.method == "POST":
        fields = {name: request.POST.getlist(name) for name in request.POST if not name.startswith("_")}
        drafts.keep_draft(user_id=user_id, form=form, fields=fields, now=request.actor.now)
        return JsonResponse({"kept": request.actor.now.astimezone(request.office.zone).strftime("%H:%M")})
    kept = drafts.draft_of(user_id=user_id, form=form)
    return JsonResponse({"fields": kept.fields if kept else {}, "kept": kept.kept_at if kept else None})


@screen(needs=Can.WORK, methods=("POST",))
def keep_alive(_request: Request) -> HttpResponse:
    """Answer a key press before the lock: the activity itself is what counts."""
    return HttpResponse(status=204)


@screen(needs=Can.WORK, methods=("POST",))
def switch(request: Request) -> HttpResponse:
    """Go over to another practice in which the person has a place."""
    wanted = request.POST.get("practice", "")
    places = queries.places_of(request.actor.user_id) if request.actor.user_id else []
    place = next((p for p in places if str(p.practice_id) == wanted), None)
    if place is not None:
        signing_in.leave(request)
        signing_in.enter(request, request.user, practice_id=place.practice_id)
    return HttpResponseRedirect("/")


@screen(needs=Can.WORK)
def profile(request: Request) -> HttpResponse:
    """Show one's own sign-ins, second factor and role."""
    user_id = request.actor.user_id
    sessions = list(queries.desk_sessions(user_id)) if user_id else []
    role = roles().get(request.actor.role)
    told = {
        "sessions": sessions,
        "here": request.session.session_key,
        "role": role,
        "kinds": WORKSTATION_NAMES,
        "letter_keys": request.screen.letter_keys,
    }
    return page(request, "practice/profile.html", told)


@screen(needs=Can.WORK, methods=("POST",))
def session_revoke(request: Request, desk_session_id: object) -> HttpResponse:
    """End one of one's own sign-ins elsewhere."""
    commands.revoke_session(request.actor, desk_session_id=desk_session_id)  # type: ignore[arg-type]
    return done(request, reverse("practice:profile"), toast=_("That sign-in has ended."))


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def workstation(request: Request) -> HttpResponse:
    """Say what kind of workstation this browser stands at; it holds for every sign-in here from now on."""
    name, piece = "practice/workstation.html", "_workstation_form.html"
    if request.method != "POST":
        form = WorkstationForm(initial={"kind": request.actor.workstation})
        return page(request, name, {"form": form})
    form = WorkstationForm(request.POST)
    if not form.is_valid():
        return invalid(request, name, piece, form)
    kind = form.cleaned_data["kind"]
    commands.set_workstation(request.actor, session_key=request.session.session_key or "", kind=kind)
    answer = done(request, reverse("practice:set-up"), toast=_("This workstation keeps its kind."))
    signing_in.remember_workstation(request, answer, request.actor.practice_id, kind)
    return answer


@screen(needs=Can.WORK)
def help_page(request: Request) -> HttpResponse:
    """Say how the office works and which keys there are."""
    return page(request, "practice/help.html")
