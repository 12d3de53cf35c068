"""The Jinja2 environment of every screen: what a template may call."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
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


def environment(**options: Any) -> Environment:
    """Return the environment; an unknown name in a template is an error, never a blank."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701 - autoescape comes from Django
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


def said(text: str, /, **values: object) -> Markup:
    """Return a sentence in the reader's language, with values put in; a board says the same few hundreds of times."""
    return _said(translation.get_language(), text) % values


@lru_cache(maxsize=8192)
def _said(language: str | None, text: str) -> Markup:
    return Markup(translation.gettext(text))  # noqa: S704 - a sentence of ours; values are escaped as they go in


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a screen by its name."""
    if kwargs or not args or not all(isinstance(one, UUID | str) for one in args):
        return reverse(name, args=args or None, kwargs=kwargs or None)
    shape = tuple(None if isinstance(one, UUID) else str(one) for one in args)
    pieces = _address(get_urlconf(), name, shape)
    keys = [str(one) for one in args if isinstance(one, UUID)]
    return "".join(piece + key for piece, key in zip(pieces, [*keys, ""], strict=True))


@lru_cache(maxsize=2048)
def _address(urlconf: str | None, name: str, shape: tuple[str | None, ...]) -> tuple[str, ...]:
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
