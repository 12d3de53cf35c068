"""A file of the old system that waits to be taken in: with a look-alike, a word nobody knows, and a row to be mended."""

import csv
import io
from datetime import datetime

from daysheet.kernel.access import Actor
from daysheet.movein import commands
from daysheet.patients.models import Patient

COLUMNS = ("Chart No", "Patient Name", "DOB", "Gender", "Cell", "Address", "City", "St", "Zip", "Notes")
PEOPLE = (
    (
        "H-1001",
        "Ferris, Walter T",
        "4/2/1951",
        "M",
        "(555) 201-0171",
        "8 Quay St",
        "Albany",
        "New York",
        "12207",
        "",
    ),
    (
        "H-1002",
        "Osei, Abena",
        "1988-11-02",
        "F",
        "555.201.0172",
        "",
        "Albany",
        "NY",
        "12207",
        "prefers mornings",
    ),
    ("H-1003", "Lindqvist, Per", "7/30/64", "W", "ask his son", "31 Dove Ln", "Troy", "NY", "12180", ""),
    ("H-1004", "Marchetti, Lucia", "13/45/1979", "F", "", "", "Troy", "NY", "12180", "no such birth date"),
)


def leave_a_file(by: Actor, now: datetime) -> None:
    """Bring the patients of an older practice, and let the file wait for the manager."""
    known = Patient.objects.order_by("chart_number").first()
    out = io.StringIO()
    pen = csv.writer(out)
    pen.writerow(COLUMNS)
    pen.writerows(PEOPLE)
    if known:
        name, born = f"{known.family}, {known.given}", f"{known.born_on:%m/%d/%Y}"
        pen.writerow(
            ["H-1005", name, born, known.sex, "", known.street, known.city, known.state, known.zip, ""]
        )
    file = commands.bring_file(
        by.at(now),
        name="harbor-patients.csv",
        content=out.getvalue().encode(),
        system="Harbor Practice Manager",
    )
    commands.look_through(by.at(now), file_id=file.pk)
