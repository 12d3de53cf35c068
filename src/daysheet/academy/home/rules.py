"""Finding a page by a word: what stands in its title counts more than what stands below it."""

from collections.abc import Sequence


def match(asked: str, pages: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the pages (title, about, address) that hold every word asked for, the best first."""
    words = [word for word in asked.lower().split() if word]
    found = []
    for title, about, address in pages:
        text = f"{title} {about}".lower()
        if words and all(word in text for word in words):
            found.append((-sum(word in title.lower() for word in words), title, about, address))
    return [(title, about, address) for _, title, about, address in sorted(found)]
