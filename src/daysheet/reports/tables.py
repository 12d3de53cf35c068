"""The tables of the waits as a file that a spreadsheet opens."""

import csv
import io

from django.utils.translation import gettext as _

from daysheet.reports.rules import PARTS
from daysheet.reports.waits import Line, Waits

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def waits_as_csv(found: Waits) -> str:
    """Return a row for all visits, each clinician, kind of visit and hour: minutes with one decimal."""
    out = io.StringIO()
    pen = csv.writer(out)
    names = (_("arrived to roomed"), _("roomed to clinician"), _("clinician to end"), _("whole visit"))
    heads = [
        _("%(what)s, %(part)s") % {"what": what, "part": part}
        for part in names
        for what in (_("visits"), _("median"), _("90th percentile"))
    ]
    pen.writerow([_("from"), _("to"), _("group"), _("name"), _("visits"), *heads])
    groups = [("all", "", [found.whole]), *found.groups]
    for key, _title, lines in groups:
        for line in lines:
            pen.writerow([found.first, found.last, key, _plain(line.name), line.visits, *_figures(line)])
    return out.getvalue()


def _figures(line: Line) -> list[str]:
    told: list[str] = []
    for part in PARTS:
        one = line.parts[part]
        told += [str(one.count), _minutes(one.median), _minutes(one.ninetieth)]
    return told


def _minutes(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _plain(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
