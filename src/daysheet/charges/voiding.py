"""What follows when a posted line is voided: rooms above add their part at start-up, and may refuse."""

from collections.abc import Callable
from uuid import UUID

from daysheet.kernel.access import Actor

followers: list[Callable[[Actor, UUID, str], None]] = []
"""Each is given the line and the reason before the line leaves the book, with nothing of the slip locked yet."""
keepers: list[Callable[[UUID], bool]] = []
"""Each says whether a line stays due where it is when another payer is named for its visit: one has it already."""
