"""A kept file opened again: unpacked, read, and its rows understood by its map."""

import zlib
from collections.abc import Iterator
from datetime import date

from daysheet.movein.models import OldBytes, OldFile
from daysheet.movein.rules.alike import Chart, Twin, twins
from daysheet.movein.rules.fields import KINDS
from daysheet.movein.rules.guessing import Reading
from daysheet.movein.rules.judging import Judge, Judged
from daysheet.movein.rules.sheets import Sheet, read_sheet
from daysheet.patients.matching import Who
from daysheet.patients.models import Patient, PatientIdentifier, PatientPhone


def bytes_of(file: OldFile) -> bytes:
    """Return the bytes of a kept file, as they came."""
    return zlib.decompress(bytes(OldBytes.objects.get(file=file).packed))


def sheet_of(file: OldFile) -> Sheet:
    """Return the table of a kept file."""
    return read_sheet(bytes_of(file))


def judge_of(file: OldFile, sheet: Sheet, *, today: date) -> Judge:
    """Return who understands the rows of a kept file by its map."""
    reading = Reading(file.mapped, file.day_first, file.meanings)
    return Judge(KINDS[file.kind], reading, sheet, today=today)


def judged_rows(file: OldFile, sheet: Sheet, *, today: date) -> list[Judged]:
    """Return every row as it is understood by the file's map."""
    return list(judge_of(file, sheet, today=today).rows(sheet.rows))


def twins_in(file: OldFile, rows: list[Judged]) -> dict[int, Twin]:
    """Return the rows that are very like a chart that is here, or like a row before them; of patients alone."""
    if file.kind != "patients":
        return {}
    known = set(PatientIdentifier.objects.filter(system=file.system).values_list("value", flat=True))
    new = [row for row in rows if row.key not in known]
    return twins(new, _charts({row.says["born_on"] for row in new if "born_on" in row.says}))


def _charts(days: set[date]) -> Iterator[Chart]:
    """Return the charts of people born on one of the days."""
    fields = (
        "pk",
        "chart_number",
        "family",
        "given",
        "middle",
        "suffix",
        "sex",
        "born_on",
        "email",
        "street",
        "zip",
    )
    rows = Patient.objects.values_list(*fields)
    phones: dict[object, list[str]] = {}
    for patient_id, number in PatientPhone.objects.values_list("patient_id", "number"):
        phones.setdefault(patient_id, []).append(number)
    for pk, chart, family, given, middle, suffix, sex, born_on, email, street, zip_code in rows:
        if born_on in days:
            who = Who(
                family, given, born_on, middle=middle, suffix=suffix, sex=sex, email=email, street=street,
                zip=zip_code, phones=tuple(phones.get(pk, ())),
            )  # fmt: skip
            yield Chart(pk, chart, who)
