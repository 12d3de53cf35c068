"""Which kind of claim a service is billed on, and which kinds one visit never has together. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PROFESSIONAL, DENTAL, INSTITUTIONAL = "professional", "dental", "institutional"
KINDS = (PROFESSIONAL, DENTAL, INSTITUTIONAL)
DENTAL_CODE = re.compile(r"D[0-9]{4}")
"""The shape of a dental code; what each means is the office's to know."""


@dataclass(frozen=True, slots=True)
class Billed:
    """A service as far as its kind goes: its code, whether the schedule calls it dental, the facility's revenue code."""

    code: str
    is_dental: bool = False
    revenue_code: str = ""
    """Of a service of the facility; empty for a clinician's."""


def kind_of(service: Billed, bills: frozenset[str]) -> str:
    """Return the kind of claim for a service in an office that bills some kinds.

    An office of dentists alone bills dental claims; beside other kinds the code or the fee schedule decides.
    A service with a revenue code is the facility's, where the office bills for it.
    """
    if service.revenue_code and INSTITUTIONAL in bills:
        return INSTITUTIONAL
    others = bills - {DENTAL}
    if DENTAL in bills and (not others or service.is_dental or DENTAL_CODE.fullmatch(service.code)):
        return DENTAL
    return PROFESSIONAL if PROFESSIONAL in others or not others else INSTITUTIONAL


def a_kind(kind: str) -> str:
    """Return a kind with its article: a dental, an institutional."""
    return f"an {kind}" if kind == INSTITUTIONAL else f"a {kind}"


def kinds_of(services: Sequence[Billed], bills: frozenset[str]) -> list[str]:
    """Return the kinds of claim that services want, in their order: each kind is a claim of its own."""
    return list(dict.fromkeys(kind_of(one, bills) for one in services))


def mixed(services: Sequence[Billed], bills: frozenset[str]) -> str:
    """Return that services of dentists stand beside others, and what to do; empty when they do not.

    A clinician's and the facility's services of one visit are two claims, each with its own lines.
    """
    by_kind: dict[str, list[str]] = {}
    for one in services:
        by_kind.setdefault(kind_of(one, bills), []).append(one.code)
    if len(by_kind) < 2 or DENTAL not in by_kind:
        return ""
    told = " and ".join(f"{kind} services ({', '.join(codes)})" for kind, codes in by_kind.items())
    return (
        f"The slip has {told}: one claim never holds both. "
        "Take those of one kind off (void what is posted), and enter them on a visit of their own."
    )
