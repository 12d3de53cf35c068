"""What rooms above do when a visit is given up, moved, or stands again: registered in their apps.ready()."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from daysheet.kernel.access import Actor

stands_again: list[Callable[[Actor, UUID], None]] = []
"""Called with the appointment that was missed and stands again: its fee is taken back."""
given_up: list[Callable[[Actor, UUID], None]] = []
"""Called with the appointment that was cancelled, or was never meant: what the patient had of it ends."""
stands_after_all: list[Callable[[Actor, UUID], None]] = []
"""Called with the appointment that was cancelled and stands again: what the patient had of it goes on."""
gone_over: list[Callable[[Actor, UUID, UUID], None]] = []
"""Called with the appointment that was moved and the one it became: what the patient said goes along."""
fee_words: list[Callable[[Sequence[UUID]], dict[UUID, tuple[str, str]]]] = []
"""What was decided about the fees of missed visits, tone and words by appointment: one statement of each that tells."""
fees_decided: list[Callable[[], QuerySet[Any]]] = []
"""The appointments about whose fee somebody has decided, as a query within another."""
owing: list[Callable[[], QuerySet[Any]]] = []
"""The ids of the patients who owe something, as a query within another."""
