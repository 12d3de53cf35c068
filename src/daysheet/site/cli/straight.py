"""The straight way to a verb: its function, called with plain words.

Typer reads words with the help of pydantic, which takes a quarter of a second to load: longer than a small file takes to
be checked. Words that need no help, such as `check FILE --json`, go straight; all others, and whatever is typed wrongly,
go to Typer.
"""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import Parameter, signature
from typing import Annotated, Any, get_args, get_origin

import typer
from typer.models import OptionInfo


def straight(app: typer.Typer, words: Sequence[str]) -> Callable[[], object] | None:
    """Return the call of a command that takes files, flags and words; None when Typer has to look at it."""
    chosen = [one.callback for one in app.registered_commands if words and one.name == words[0]]
    if not chosen or chosen[0] is None or app.registered_callback is not None:
        return None
    options: dict[str, tuple[str, Any]] = {}
    files = ""
    for parameter in signature(chosen[0], eval_str=True).parameters.values():
        name, (kind, about) = parameter.name, _told(parameter)
        if isinstance(about, OptionInfo):
            for word in _spelt(about) or [f"--{name.replace('_', '-')}"]:
                options[word] = name, kind
        elif kind == list[str] and not files:
            files = name
        elif parameter.default is Parameter.empty:
            return None
    given = _given(words[1:], files, options)
    return None if given is None else partial(chosen[0], **given)


def _told(parameter: Parameter) -> tuple[Any, object]:
    """Return the type of a parameter, and what Typer is told of it."""
    if get_origin(parameter.annotation) is not Annotated:
        return parameter.annotation, None
    kind, about, *_ = get_args(parameter.annotation)
    return kind, about


def _spelt(option: OptionInfo) -> list[str]:
    """Return how an option is typed; the first spelling stands where a default stands elsewhere."""
    return [
        word
        for word in (option.default, *(option.param_decls or ()))
        if isinstance(word, str) and word.startswith("-")
    ]


def _given(
    words: Sequence[str], files: str, options: dict[str, tuple[str, Any]]
) -> dict[str, bool | str | list[str]] | None:
    named: dict[str, bool | str | list[str]] = {}
    plain: list[str] = []
    left = iter(words)
    for word in left:
        name, kind = options.get(word, ("", None))
        if kind is bool:
            named[name] = True
        elif kind is str and name not in named and (value := next(left, "-"))[:1] != "-":
            named[name] = value
        elif word == "-" or not word.startswith("-"):
            plain.append(word)
        else:
            return None
    return {**named, files: plain} if files and plain else None
