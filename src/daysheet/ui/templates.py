"""The Jinja2 environment of every screen: what a template may call."""

from datetime import date
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from daysheet.ui.answers import toasts
from daysheet.ui.assets import asset, icon, sprite
from daysheet.ui.forms import boxes, is_needed, kind_of, option_groups, summary
from daysheet.ui.marks import mark, tag
from daysheet.ui.plots import bar_plot
from daysheet.ui.shell import shell_of
from daysheet.ui.status import status
from daysheet.ui.tokens import new_form_token, new_once_key
from daysheet.ui.words import FILTERS

_KIT = "kit of this page"
"""Where a page keeps the macros that it made; no template can call a name with blanks."""


def environment(**options: Any) -> Environment:
    """Return the environment; an unknown name in a template is an error, never a blank."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701 - autoescape comes from Django
    env.template_class = ScreenTemplate
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(_=said, gettext=said)
    env.filters.update(FILTERS)
    env.globals.update(
        asset=asset,
        bar_plot=bar_plot,
        boxes=boxes,
        drawn_mark=mark,
        drawn_tag=tag,
        error_links=summary,
        icon=icon,
        is_needed=is_needed,
        kind_of=kind_of,
        language=translation.get_language,
        new_form_token=new_form_token,
        new_once_key=new_once_key,
        option_groups=option_groups,
        query=query,
        shell_of=shell_of,
        sprite=sprite,
        status=status,
        toasts=toasts,
        url=url,
        url_if=url_if,
    )
    return env


class ScreenTemplate(Template):
    """A template whose kit is made once a page.

    Jinja makes an import "with context" anew at every place that imports it; those of `ui/` know nothing of the page but
    its request (a test holds them to it), so that one making serves all.
    """

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the page."""
        facts = dict(*args, **kwargs) | {_KIT: {}}
        if "csrf_input" in facts:
            # Django masks it anew each time it is written; once a page is enough, and a board has a hundred forms.
            facts["csrf_input"] = SimpleLazyObject(partial(_as_markup, facts["csrf_input"]))
        return super().render(facts)

    def make_module(self, vars: Any = None, shared: bool = False, locals: Any = None) -> Any:  # noqa: A002 - Jinja's names
        """Return the macros of an import."""
        kit = vars.get(_KIT) if vars else None
        if kit is None or not str(self.name).startswith("ui/"):
            return super().make_module(vars, shared, locals)
        if self.name not in kit:
            kit[self.name] = super().make_module(vars, shared, locals)
        return kit[self.name]


def _as_markup(written: object) -> Markup:
    return Markup(str(written))  # noqa: S704 - Django's own hidden input


def said(text: str, /, **values: object) -> Markup:
    """Return a sentence in the reader's language, with values put in; a board says the same few hundreds of times."""
    return _said(translation.get_language(), text) % values


@lru_cache(maxsize=8192)
def _said(language: str | None, text: str) -> Markup:
    return Markup(translation.gettext(text))  # noqa: S704 - a sentence of ours; values are escaped as they go in


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a screen by its name."""
    if kwargs or not all(isinstance(one, UUID | str | date) for one in args):
        return reverse(name, args=args or None, kwargs=kwargs or None)
    shape: Any = tuple(None if isinstance(one, UUID) else one for one in args)
    pieces = _address(get_urlconf(), name, shape)
    keys = [str(one) for one in args if isinstance(one, UUID)]
    return "".join(piece + key for piece, key in zip(pieces, [*keys, ""], strict=True))


@lru_cache(maxsize=2048)
def _address(urlconf: str | None, name: str, shape: tuple[str | date | None, ...]) -> tuple[str, ...]:
    """Return an address in pieces, cut where its keys go: a board has hundreds of one shape."""
    places = [UUID(int=n) for n in range(len(shape))]
    whole = reverse(
        name, urlconf, args=[place if one is None else one for place, one in zip(places, shape, strict=True)]
    )
    pieces = []
    for place, one in zip(places, shape, strict=True):
        if one is None:
            piece, _key, whole = whole.partition(str(place))
            pieces.append(piece)
    return (*pieces, whole)


def url_if(name: str, *args: object) -> str:
    """Return the address of a screen, or nothing when its room is not built."""
    try:
        return url(name, *args)
    except NoReverseMatch:
        return ""


def query(request: Any, **changes: object) -> str:
    """Return the page's own query string with some values changed; None takes one away."""
    values = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}"
