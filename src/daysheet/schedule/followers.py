"""What rooms above do when a visit that was missed stands again: registered in their apps.ready()."""

from collections.abc import Callable
from uuid import UUID

from daysheet.kernel.access import Actor

stands_again: list[Callable[[Actor, UUID], None]] = []
"""Called with the appointment that was missed and stands again: its fee is taken back."""
