"""The Jinja2 environment of every screen: what a template may call."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from daysheet.ui.answers import toasts
from daysheet.ui.assets import asset, icon, sprite
from daysheet.ui.forms import boxes, kind_of, option_groups, summary
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
    env.filters.update(FILTERS)
    env.globals.update(
        asset=asset,
        bar_plot=bar_plot,
        boxes=boxes,
        drawn_mark=mark,
        drawn_tag=tag,
        error_links=summary,
        icon=icon,
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


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a screen by its name."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


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
