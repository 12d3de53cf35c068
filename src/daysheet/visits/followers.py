"""What rooms above do when a patient has come for an appointment, and know of it: registered in their apps.ready()."""

from collections.abc import Callable
from uuid import UUID

from daysheet.kernel.access import Actor

begun: list[Callable[[Actor, UUID], None]] = []
"""Called with the visit, once its to-do stands: what was done ahead is ticked."""
