"""Online or in person: what somebody says of their days, weighed. Our own judgement, said so on the page."""

from collections.abc import Collection
from typing import Literal

Way = Literal["online", "in_person", "both", "unsaid"]
ONLINE = ("hours", "far", "alone", "desk")
IN_PERSON = ("shown", "people", "fixed", "at_once")
CLEAR = 2
"""So many more answers on one side make it clear."""


def way(true: Collection[str]) -> Way:
    """Return which way fits what is true of somebody; answers that nobody asked for do not count."""
    online, in_person = (len({*true} & {*side}) for side in (ONLINE, IN_PERSON))
    if not online and not in_person:
        return "unsaid"
    if abs(online - in_person) < CLEAR:
        return "both"
    return "online" if online > in_person else "in_person"
