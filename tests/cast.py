"""The people of the tests: Rosa at the desk, Ana the manager, Ben who bills, Dr. Lee, and Ms. Diaz."""

from datetime import UTC, date, datetime
from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import new_id

MONDAY = date(2026, 3, 9)  # the day after daylight saving begins
NOW = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)  # 10:00 in New York on that Monday


def rosa(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Rosa, at the front desk."""
    return _person("receptionist", "Rosa Marin", practice_id, now)


def ana(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Ana, who runs the office."""
    return _person("office_manager", "Ana Petrov", practice_id, now)


def ben(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Ben, who bills."""
    return _person("biller", "Ben Okafor", practice_id, now)


def dr_lee(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Dr. Lee, who sees the patients."""
    return _person("clinician", "Dr. Lee", practice_id, now)


def auditor(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Someone who may read everything and change nothing."""
    return _person("auditor", "Ines Roth", practice_id, now)


def carla(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Carla, who codes."""
    return _person("coder", "Carla Nguyen", practice_id, now)


def omar(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Omar, who watches over privacy."""
    return _person("privacy_officer", "Omar Haddad", practice_id, now)


def insurance_clerk(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Someone at an insurance company's desk."""
    return _person("insurance_clerk", "Paul Weber", practice_id, now)


def system(practice_id: UUID, now: datetime = NOW) -> Actor:
    """Daysheet itself."""
    return Actor.system(practice_id=practice_id, now=now)


def _person(role: str, name: str, practice_id: UUID, now: datetime) -> Actor:
    return Actor.of_role(role, practice_id=practice_id, user_id=new_id(), name=name, now=now)
