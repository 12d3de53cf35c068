"""What is played in a practice: which kinds of visit people come for, what is done, what they say and have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from daysheet.practice.care_settings import CareSetting

Codes = tuple[str, ...]
REASONS = (
    "Follow-up of blood pressure", "Cough for a week", "Back pain", "Yearly physical", "Diabetes check",
    "Sore throat", "Rash on the arm", "Headaches", "Medication review", "Knee pain", "Tired for weeks", "School form",
)  # fmt: skip
DIAGNOSES = (("I10",), ("E11.9",), ("M54.50",), ("J02.9",), ("J06.9",), ("Z00.00",), ("E78.5", "I10"), ("R51.9",),
             ("L30.9",), ("M25.561",), ("F41.1",), ("K21.9",), ("E11.9", "I10", "E78.5"))  # fmt: skip
AGES = ((8, 12), (25, 14), (40, 20), (55, 22), (68, 20), (79, 12))


@dataclass(frozen=True, slots=True)
class Repertoire:
    """What people come for, and what is done for them."""

    first: tuple[str, ...]
    """The kinds of visit of somebody who comes for the first time."""
    later: tuple[tuple[str, int], ...]
    """The kinds of visit of known patients, with their weights."""
    walk_in: str
    follow_up: str
    done: Mapping[str, tuple[Codes, ...]]
    """By kind of visit: the slips that it can end with."""
    extras: Codes
    reasons: tuple[str, ...]
    diagnoses: tuple[Codes, ...]
    ages: tuple[tuple[int, int], ...]
    ends: Mapping[int, time]
    """By weekday, when clinicians go home; 17:00 where nothing is said."""
    mouth: Mapping[str, Codes] = field(default_factory=dict)
    """By code: the teeth or areas that a line names, as they are typed."""
    prostheses: Codes = ()
    limit_reason: str = ""
    """What the desk says where a visit is not meant for a patient."""
    video: str = ""
    """The kind of visit by video, where patients are seen at home."""
    away: Codes = ()
    """What is done for whom the clinicians see in the hospital; nothing where they go to none."""
    hurt: bool = False
    """Whether people come for what a car or their work has done to them."""

    def slips(self, name: str) -> tuple[Codes, ...]:
        """Return the slips that a kind of visit can end with."""
        return self.done.get(name, ((),))


FAMILY = Repertoire(
    first=("New patient",),
    later=(("Follow-up", 50), ("Sick visit", 28), ("Physical", 14), ("Nurse visit", 8)),
    walk_in="Sick visit",
    follow_up="Follow-up",
    done={
        "Follow-up": (("X0010",), ("X0020",), ("X0030",)),
        "Sick visit": (("X0010",), ("X0020",)),
        "New patient": (("X0040",),),
        "Physical": (("X0050",),),
        "Nurse visit": (("X0060",),),
        "Video visit": (("X0010",),),
    },
    extras=("L0110", "L0120", "L0130", "V0210"),
    reasons=REASONS,
    diagnoses=DIAGNOSES,
    ages=AGES,
    ends={},
    video="Video visit",
    away=("X0020",),
    hurt=True,
)
"""The family practice of the demonstration and of `daysheet simulate`."""


def repertoire(held: CareSetting) -> Repertoire:
    """Return what is played in the demonstration of a care setting."""
    told = held.demonstration
    ends: dict[int, time] = {}
    for day, _begins, until in held.clinic:
        ends[day] = max(ends.get(day, time.min), min(until, time(17)))
    return Repertoire(
        first=told.first,
        later=told.later,
        walk_in=told.walk_in,
        follow_up=told.follow_up,
        done={name: (codes,) for name, codes in held.services.items()},
        extras=told.extras,
        reasons=told.reasons or REASONS,
        diagnoses=told.diagnoses or DIAGNOSES,
        ages=told.ages or AGES,
        ends=ends,
        mouth=dict(told.mouth),
        prostheses=told.prostheses,
        limit_reason="Known to the practice from before",
        hurt=held.claims == {"professional"},
    )
