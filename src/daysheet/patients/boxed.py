"""What the one search box answers: patients, pages, and an act for a patient; and what Enter may open."""

from dataclasses import dataclass
from datetime import date

from daysheet.kernel.access import Actor
from daysheet.patients import ahead, finding, queries
from daysheet.patients.names import words
from daysheet.patients.queries import Hit
from daysheet.ui import verbs
from daysheet.ui.verbs import Found


@dataclass(frozen=True, slots=True)
class Box:
    """The answer to one text: whom it may mean, and what else it asks for."""

    hits: list[Hit]
    """Whom the whole text may mean; where it begins with an act, only who fits all of it."""
    found: Found
    acted: list[Hit]
    """For whom the act may be with which the text begins."""

    @property
    def marks(self) -> str:
        """Return what Enter opens: page, act, patient, or nothing where two of them fit as well."""
        whole = bool(self.hits) and self.hits[0].is_whole
        if self.found.is_exact:
            return "" if self._is_also_a_name() else "page"
        if self.acted and self.acted[0].is_whole:
            return "" if whole else "act"
        return "patient" if whole and not self.pages_lead else ""

    @property
    def pages_lead(self) -> bool:
        """Return whether the pages stand above the patients: nobody's name begins as the text does, it only sounds so."""
        asked = words(self.found.of_whom)
        begun = (
            all(any(word.startswith(part) for word in _borne(hit)) for part in asked) for hit in self.hits
        )
        return bool(self.found.pages) and not any(begun)

    def _is_also_a_name(self) -> bool:
        """Return whether somebody bears the very words that name the page."""
        asked = set(words(self.found.of_whom))
        return any(asked <= _borne(hit) for hit in self.hits)


def look(text: str, *, by: Actor, kind: str, today: date, limit: int) -> Box:
    """Return what a text asks for. Whom an act is for is a second search; all else is one.

    For an act that concerns a visit whoever is due today stands first, then who comes next.
    """
    found = verbs.find(text, by=by, kind=kind)
    hits = queries.search(text=text, today=today, limit=limit)
    if found.act is None:
        return Box(hits, found, [])
    if found.act.of_visit:
        due = ahead.who_is_due(today)
        fits = queries.search(text=found.of_whom, today=today, limit=finding.MOST, first=due)
        acted = ahead.visits_first(fits, due, today)[:limit]
    else:
        acted = queries.search(text=found.of_whom, today=today, limit=limit)
    return Box([hit for hit in hits if hit.is_whole] if acted else hits, found, acted)


def _borne(hit: Hit) -> set[str]:
    who = hit.patient
    names = (who.family, who.given, who.middle, who.preferred, who.former_family)
    return {word for name in names for word in words(name or "")} | {str(who.chart_number)}
