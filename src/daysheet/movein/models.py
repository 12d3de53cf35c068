"""Files of the old system, what was understood of them, what came of each row, and the maps that are kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


class ColumnMap(PracticeRow):
    """Which column tells what, kept by a name: the next file of that shape is read the same way."""

    name = models.TextField()
    kind = models.TextField()
    system = models.TextField(blank=True, default="")
    columns = models.JSONField(default=dict)
    """{field: name of the column}"""
    meanings = models.JSONField(default=dict)
    """{field: {what a cell says: what it means}}"""
    day_first = models.BooleanField(default=False)
    by_name = models.TextField()
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "column_map"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "kind", "name"], name="column_map_name_is_own"),
        ]

    def __str__(self) -> str:
        return self.name


class OldFile(PracticeRow):
    """A file of the old system on its way in: mapped, looked through, taken in, proven, or taken back."""

    class State(models.TextChoices):
        MAPPED = "mapped", _("Columns to be checked")
        CHECKING = "checking", _("Being looked through")
        CHECKED = "checked", _("Looked through")
        RUNNING = "running", _("Being taken in")
        DONE = "done", _("Taken in")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    class Alike(models.TextChoices):
        HOLD = "hold", _("Leave out until a person has looked")
        JOIN = "join", _("They are the same: put the old number on the chart that is here")
        TAKE = "take", _("They are other people: open a chart for each")

    number = models.BigIntegerField()
    kind = models.TextField()
    system = models.TextField()
    """What the old system is called: its numbers are known by it."""
    name = models.TextField()
    size = models.BigIntegerField()
    digest = models.TextField()
    rows = models.PositiveIntegerField()
    columns = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    """The first cells of each column, for the page that maps them."""
    shape = models.TextField(blank=True, default="")
    sheet = models.TextField(blank=True, default="")
    """The sheet of a workbook that is read."""
    other_sheets = models.JSONField(default=list)
    """The filled sheets beside it, by their names."""
    mapped = models.JSONField(default=dict)
    """{field: name of the column}"""
    meanings = models.JSONField(default=dict)
    day_first = models.BooleanField(default=False)
    map_name = models.TextField(blank=True, default="")
    alike = models.TextField(choices=Alike.choices, default=Alike.HOLD)
    decided = models.JSONField(default=dict)
    """{row: what becomes of it}, where it was said of that row alone; all others go by `alike`"""
    state = models.TextField(choices=State.choices, default=State.MAPPED)
    found = models.JSONField(default=dict)
    """What looking through it found; nothing of it is in the charts."""
    figures = models.JSONField(default=dict)
    """What came of its rows: read, taken, updated, known, held, bad, and the money."""
    next_row = models.PositiveIntegerField(default=0)
    """How many rows are dealt with: a run that was stopped goes on here."""
    trouble = models.TextField(blank=True, default="")
    """Why the last act did not end well, in words."""
    brought_at = models.DateTimeField()
    brought_by = models.TextField()
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    run_by = models.TextField(blank=True, default="")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.TextField(blank=True, default="")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "old_file"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="old_file_number_is_own"),
            models.UniqueConstraint(
                fields=["practice"],
                condition=Q(state__in=("running", "undoing")),
                name="old_file_runs_alone",
            ),
            models.CheckConstraint(
                name="old_file_is_signed_when_done",
                condition=Q(signed_at__isnull=True) | Q(state__in=("done", "undoing", "undone")),
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.number}"


class OldBytes(PracticeRow):
    """The bytes of a file as they came, packed; apart, so that a list of files does not read them."""

    file = models.OneToOneField(OldFile, models.CASCADE, related_name="bytes")
    packed = models.BinaryField()

    class Meta:
        db_table = "old_bytes"

    def __str__(self) -> str:
        return f"{self.file_id}"


class OldRow(PracticeRow):
    """What came of a row: what was made of it, or why not. Rows that were known before leave none."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken")
        UPDATED = "updated", _("Updated")
        JOINED = "joined", _("Put to a chart that was here")
        HELD = "held", _("Waits for a person")
        BAD = "bad", _("Not taken")
        UNDONE = "undone", _("Taken back")

    file = models.ForeignKey(OldFile, models.PROTECT, related_name="taken_rows")
    row = models.PositiveIntegerField()
    kind = models.TextField()
    system = models.TextField()
    key = models.TextField()
    """The old system's key of it: by it a second file knows the row."""
    mark = models.TextField(blank=True, default="")
    """A print of what it said."""
    outcome = models.TextField(choices=Outcome.choices)
    subject_kind = models.TextField(blank=True, default="")
    subject_id = models.UUIDField(null=True, blank=True)
    subject_version = models.PositiveIntegerField(default=0)
    """The version in which the run left it: another one means that the office went on with it."""
    patient_id = models.UUIDField(null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    why = models.JSONField(default=list)
    """[[column, code, what stands there]]"""
    before = models.JSONField(default=dict)
    """What its undo needs to know: what the row added to, wrote over or ended."""

    class Meta:
        db_table = "old_row"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "system", "kind", "key"],
                condition=Q(outcome__in=("taken", "joined")),
                name="old_row_is_taken_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "file", "row"], name="old_row_by_file"),
            models.Index(fields=["practice", "subject_id"], name="old_row_by_subject"),
        ]

    def __str__(self) -> str:
        return f"row {self.row}"
