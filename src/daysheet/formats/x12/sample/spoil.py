"""Small ways to spoil a file: each takes its segments as text and gives them back changed."""

from collections.abc import Callable

Lines = list[str]
Apply = Callable[[Lines], Lines]


def at(lines: Lines, head: str) -> int:
    """Return the place of the first segment that begins so."""
    for place, line in enumerate(lines):
        if line.startswith(head):
            return place
    raise ValueError(f"The file holds no segment {head}.")


def put(head: str, element: int, value: str | Callable[[str], str]) -> Apply:
    """Put another value into an element of the first segment that begins so."""

    def apply(lines: Lines) -> Lines:
        place = at(lines, head)
        values = lines[place].split("*")
        values += [""] * (element + 1 - len(values))
        values[element] = value(values[element]) if callable(value) else value
        while not values[-1]:
            values.pop()
        return [*lines[:place], "*".join(values), *lines[place + 1 :]]

    return apply


def drop(head: str) -> Apply:
    """Leave the first segment out that begins so."""

    def apply(lines: Lines) -> Lines:
        place = at(lines, head)
        return [*lines[:place], *lines[place + 1 :]]

    return apply


def after(head: str, more: str) -> Apply:
    """Put a segment behind the first that begins so."""

    def apply(lines: Lines) -> Lines:
        place = at(lines, head)
        return [*lines[: place + 1], more, *lines[place + 1 :]]

    return apply


def more(text: str) -> str:
    """Return an amount, or a count, raised by one."""
    whole, dot, cents = text.partition(".")
    return f"{int(whole) + 1}{dot}{cents}"


def other_digit(text: str) -> str:
    """Return a number whose last digit is another."""
    return text[:-1] + str((int(text[-1]) + 1) % 10)


def composite(part: int, value: str) -> Callable[[str], str]:
    """Put another value into one part of a composite element, counted from 1."""

    def change(text: str) -> str:
        parts = text.split(":")
        parts += [""] * (part - len(parts))
        parts[part - 1] = value
        return ":".join(parts)

    return change
