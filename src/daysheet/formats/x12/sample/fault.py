"""What a named fault is."""

from typing import NamedTuple

from .spoil import Apply


class Fault(NamedTuple):
    """What is spoilt in files of these kinds, in words; `expects` is the code of the finding."""

    kinds: tuple[str, ...]
    words: str
    apply: Apply
    expects: str
    is_counted: bool = True
