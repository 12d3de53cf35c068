"""What rooms above do when a visit that was missed stands again, and know of it: registered in their apps.ready()."""

from collections.abc import Callable, Sequence
from uuid import UUID

from daysheet.kernel.access import Actor

stands_again: list[Callable[[Actor, UUID], None]] = []
"""Called with the appointment that was missed and stands again: its fee is taken back."""
fee_words: list[Callable[[Sequence[UUID]], dict[UUID, tuple[str, str]]]] = []
"""What was decided about the fees of missed visits, tone and words by appointment: one statement of each that tells."""
