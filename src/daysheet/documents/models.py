"""Papers: what was scanned, made or received, with its hash; and the stations at which they are printed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.documents.rules import SENT
from daysheet.kernel.models import PracticeRow


class Document(PracticeRow):
    """A paper: its bytes are never changed; a better one is another document."""

    number = models.BigIntegerField()
    kind = models.TextField()
    """card_front, card_back, photo_id, photo_id_sent, consent, receipt, statement, daysheet, letter, other"""
    title = models.TextField()
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, blank=True, related_name="documents"
    )
    media_type = models.TextField()
    content = models.BinaryField()
    sha256 = models.TextField()
    pages = models.PositiveIntegerField(default=1)
    subject_kind = models.TextField(blank=True, default="")
    subject_id = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    by_name = models.TextField()
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.TextField(blank=True, default="")
    """Filed by mistake: it is shown as that, and counts for nothing."""
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.TextField(blank=True, default="", db_default="")
    """Who of the office took what a patient had sent."""
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.TextField(blank=True, default="", db_default="")
    """Who handed it over to the patient at check-out."""

    class Meta:
        db_table = "document"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="document_number_is_own"),
            models.UniqueConstraint(
                fields=["practice", "subject_id"],
                name="document_scan_is_filed_once",
                condition=Q(subject_kind="documents.scannedfile", struck_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "subject_id"], name="document_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def waits(self) -> bool:
        """Return whether a patient sent it and nobody of the office has looked at it."""
        return self.kind in SENT and self.struck_at is None


class PrintStation(PracticeRow):
    """A computer at a desk, by its name; a browser is told which one it stands at."""

    name = models.TextField()
    location = models.ForeignKey("practice.Location", models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    scan_folder = models.TextField(blank=True, default="")
    """Where its scanner puts files, on the office's own machine; empty: it has none."""
    scan_problem = models.TextField(blank=True, default="")
    """Why the folder could not be looked into the last time."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "print_station"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "name"],
                name="print_station_name_is_own",
                condition=Q(retired_at__isnull=True),
            ),
            # Over all practices of this machine: two offices never read one folder.
            models.UniqueConstraint(
                fields=["scan_folder"], name="scan_folder_has_one_station", condition=~Q(scan_folder="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StationPrinter(PracticeRow):
    """The printer of a station for one sort of paper."""

    class Sort(models.TextChoices):
        RECEIPT = "receipt", _("Receipts")
        LABEL = "label", _("Labels")
        ENCOUNTER = "encounter", _("Encounter forms")
        PLAIN = "plain", _("Everything else")

    station = models.ForeignKey(PrintStation, models.CASCADE, related_name="printers")
    sort = models.TextField(choices=Sort.choices)
    uri = models.TextField()
    """Where it listens: ipp://host/path or ipps://host/path."""

    class Meta:
        db_table = "station_printer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "station", "sort"], name="station_has_one_printer_of_a_sort"
            ),
            models.CheckConstraint(
                name="station_printer_speaks_ipp",
                condition=Q(uri__startswith="ipp://") | Q(uri__startswith="ipps://"),
            ),
        ]

    def __str__(self) -> str:
        return self.uri


class PrintJob(PracticeRow):
    """A paper on its way to a printer, and how far it got."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        SENDING = "sending", _("Being sent")
        PRINTED = "printed", _("The printer has it")
        FAILED = "failed", _("Not printed")
        DROPPED = "dropped", _("Dropped")

    document = models.ForeignKey(Document, models.CASCADE, related_name="prints")
    station = models.ForeignKey(PrintStation, models.PROTECT, related_name="+")
    sort = models.TextField(choices=StationPrinter.Sort.choices)
    uri = models.TextField()
    """The printer at that time."""
    state = models.TextField(choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    printer_job = models.BigIntegerField(null=True, blank=True)
    """The number that the printer gave."""
    sentence = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True, blank=True)
    by_name = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "print_job"
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "asked_at"], name="print_job_by_state"),
        ]

    def __str__(self) -> str:
        return self.state


class ScannedFile(PracticeRow):
    """A file that a station's scanner put down, until somebody says whose it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        TAKEN = "taken", _("Filed")
        DROPPED = "dropped", _("Not for anybody")
        REFUSED = "refused", _("Refused")

    station = models.ForeignKey(PrintStation, models.PROTECT, related_name="+")
    name = models.TextField()
    media_type = models.TextField(blank=True, default="")
    content = models.BinaryField()
    """As the scanner made it; empty when refused, and a week after it was filed or dropped."""
    size = models.BigIntegerField()
    sha256 = models.TextField()
    """Of the bytes; of name and size where it is too large to be read."""
    state = models.TextField(choices=State.choices, default=State.WAITING)
    sentence = models.TextField(blank=True, default="")
    seen_at = models.DateTimeField()
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="scanned_file"
    )
    acted_at = models.DateTimeField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scanned_file"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "station", "sha256"],
                name="scanned_file_is_known_once",
                condition=Q(state__in=["waiting", "refused"]),
            ),
            models.CheckConstraint(
                name="scanned_file_taken_has_a_paper",
                condition=Q(state="taken", document__isnull=False)
                | (~Q(state="taken") & Q(document__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "station", "seen_at"], name="scanned_file_by_state"),
        ]

    def __str__(self) -> str:
        return self.state
