"""What rooms above do when a visit begins or another payer pays for it: registered in their apps.ready()."""

from collections.abc import Callable
from uuid import UUID

from daysheet.kernel.access import Actor

put_under: list[Callable[[Actor, UUID], None]] = []
"""Called with the visit, once another payer is named for it or none is: what is posted of it becomes due there."""
keeping: list[Callable[[UUID, UUID | None], str]] = []
"""Called with the visit and the coverage that is to pay for it (None: the patient): why that cannot be, or nothing."""
in_the_car: list[Callable[[Actor, UUID, bool], None]] = []
"""Called with the visit when its patient waits in the car from now on, or does so no more."""
begun: list[Callable[[Actor, UUID], None]] = []
"""Called with the visit, once its to-do stands: what was done ahead is ticked."""
