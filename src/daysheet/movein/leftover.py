"""The rows that were not taken, as a CSV with the reason: to be mended in a spreadsheet and brought again."""

from datetime import date

from django.utils.translation import gettext as _

from daysheet.movein.models import OldFile, OldRow
from daysheet.movein.opening import judged_rows, sheet_of, twins_in
from daysheet.movein.rules.alike import Twin
from daysheet.movein.rules.judging import Judged
from daysheet.movein.rules.sheets import Sheet, written
from daysheet.movein.wording import sentences

LEFT = (OldRow.Outcome.BAD, OldRow.Outcome.HELD)


def left_rows(file: OldFile, *, today: date) -> str:
    """Return the rows of a file that were not taken, or before its run, that would not be; each with the reason."""
    why: dict[int, str] = {}
    if file.begun_at:
        for row, reasons in OldRow.objects.filter(file=file, outcome__in=LEFT).values_list("row", "why"):
            why[row] = sentences(reasons)
        sheet = sheet_of(file) if why else Sheet(file.columns)
    else:
        sheet = sheet_of(file)
        rows = judged_rows(file, sheet, today=today)
        twins = twins_in(file, rows)
        for judged in rows:
            if reason := _why(judged, twins):
                why[judged.number] = reason
    width = len(sheet.columns)
    lines = ([*row.cells[:width], why[row.number]] for row in sheet.rows if row.number in why)
    return written([*sheet.columns, _("Why it was not taken")], lines)


def like(twin: Twin) -> list[str]:
    """Return whom a row is like, as it is kept."""
    if twin.chart_number is not None:
        return ["", "alike_chart", str(twin.chart_number)]
    return ["", "alike_row", str(twin.other_row)]


def _why(judged: Judged, twins: dict[int, Twin]) -> str:
    if judged.flaws:
        return sentences([flaw.told() for flaw in judged.flaws])
    return sentences([like(twins[judged.number])]) if judged.number in twins else ""
