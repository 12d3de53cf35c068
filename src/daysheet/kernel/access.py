"""Who may do what: the permissions, the roles as data, and the actor of every act."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Self
from uuid import UUID

from daysheet.kernel.errors import NotPermitted


class Can(StrEnum):
    """What a person may do; one line each, held by roles.toml."""

    WORK = "work"  # sign in, see own work list and own settings
    SEE_PATIENTS = "see_patients"  # search, demographics, patient page
    EDIT_PATIENTS = "edit_patients"
    NOTE_ALERTS = "note_alerts"  # write, change and end the alerts of a patient
    GO_ON_WITHOUT = "go_on_without"  # go on with a reason where a person has no right to bring, hear or sign
    SEE_CHART = "see_chart"  # the clinical abstract
    SEE_PAPERS = "see_papers"
    FILE_PAPERS = "file_papers"
    SEE_SCHEDULE = "see_schedule"
    PRINT_PACKET = "print_packet"  # the downtime packet: a day's schedule with a face sheet for each patient
    BOOK_APPOINTMENT = "book_appointment"
    OVERBOOK = "overbook"
    SEE_COVERAGE = "see_coverage"
    EDIT_COVERAGE = "edit_coverage"
    ASK_ELIGIBILITY = "ask_eligibility"
    MOVE_PATIENT = "move_patient"  # arrive, check in, room, check out
    ENTER_CHARGES = "enter_charges"
    SEE_MONEY = "see_money"  # accounts, balances, statements
    TAKE_PAYMENT = "take_payment"
    ADJUST = "adjust"  # write off, transfer
    REFUND = "refund"
    SEND_STATEMENTS = "send_statements"
    SEE_CLAIMS = "see_claims"
    SEND_CLAIMS = "send_claims"
    POST_REMITTANCES = "post_remittances"
    SEE_MAIL = "see_mail"
    SEND_MAIL = "send_mail"
    WORK_TASKS = "work_tasks"
    ANSWER_PHONES = "answer_phones"  # the call log, call backs, messages
    SEE_DAYSHEET = "see_daysheet"
    CLOSE_DAY = "close_day"
    CLOSE_DAY_OPEN = "close_day_open"  # with a difference or open visits, giving a reason
    SEE_DIARY = "see_diary"  # who looked at a chart; the audit diary
    MANAGE_OFFICE = "manage_office"  # locations, people, hours, fees, payers
    MANAGE_STAFF = "manage_staff"  # sign-ins, roles, second factors, sessions
    WRITE_LETTERS = "write_letters"
    IMPORT_DATA = "import_data"
    ANSWER_AS_PAYER = "answer_as_payer"  # the insurance desk
    SEE_OWN = "see_own"  # a patient's own record


@dataclass(frozen=True, slots=True)
class Role:
    """A role as data: its name, its words, what it may do."""

    key: str
    name: str
    description: str
    may: frozenset[Can]


@cache
def roles() -> dict[str, Role]:
    """Return the roles by key, as roles.toml tells them."""
    table = tomllib.loads(resources.files("daysheet.kernel").joinpath("roles.toml").read_text("utf-8"))
    everything = frozenset(Can)
    return {
        key: Role(
            key,
            row["name"],
            row["description"],
            everything - {Can(x) for x in row.get("but", [])}
            if row["may"] == "all"
            else frozenset(Can(x) for x in row["may"]),
        )
        for key, row in table.items()
    }


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which practice, when, and why; passed down as `by`."""

    practice_id: UUID
    user_id: UUID | None
    name: str
    role: str
    now: datetime
    may: frozenset[Can]
    purpose: str = ""
    workstation: str = ""
    station_id: UUID | None = None
    """At which station of the office the person sits, where the machine was told."""

    @property
    def role_label(self) -> str:
        """Return the role's name in words."""
        held = roles().get(self.role)
        return held.name if held else self.role

    def can(self, needs: Can) -> bool:
        """Return whether the role holds the permission."""
        return needs in self.may

    def must(self, needs: Can) -> None:
        """Raise NotPermitted unless the role holds the permission."""
        if needs not in self.may:
            raise NotPermitted(needs.value)

    def at(self, now: datetime) -> Self:
        """Return the same actor at another moment."""
        return replace(self, now=now)

    @classmethod
    def of_role(
        cls,
        role: str,
        *,
        practice_id: UUID,
        user_id: UUID | None,
        name: str,
        now: datetime,
        workstation: str = "",
    ) -> Self:
        """Return a person of a role at a moment; an unknown role may do nothing."""
        held = roles().get(role)
        return cls(
            practice_id, user_id, name, role, now, held.may if held else frozenset(), workstation=workstation
        )

    @classmethod
    def system(cls, *, practice_id: UUID, now: datetime, name: str = "Daysheet") -> Self:
        """Return the software itself, acting for a practice: jobs, imports, the twin."""
        return cls(practice_id, None, name, "system", now, roles()["system"].may)
