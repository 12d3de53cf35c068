"""Files of the old system as the pages show them."""

from uuid import UUID

from django.db.models import QuerySet

from daysheet.movein.models import ColumnMap, OldFile, OldRow

LATELY = 100
ON_A_PAGE = 50
"""So many of those who may have a chart already stand on one page."""


def files() -> QuerySet[OldFile]:
    """Return the files, the newest first."""
    return OldFile.objects.order_by("-number").defer("found", "samples")[:LATELY]


def file(file_id: UUID) -> OldFile | None:
    """Return a file."""
    return OldFile.objects.filter(pk=file_id).first()


def kept_maps() -> QuerySet[ColumnMap]:
    """Return the maps that the office keeps."""
    return ColumnMap.objects.order_by("kind", "name")


def named_in(file: OldFile, page: int = 0) -> list[UUID]:
    """Return the patients with a chart here whom the rows of a file are very like: their names stand on its pages.

    Of those who may have a chart already, only the ones of a page where one is named.
    """
    twins = file.found.get("twins", [])
    part = twins[(page - 1) * ON_A_PAGE : page * ON_A_PAGE] if page else twins
    found = {UUID(one[2]) for one in part if one[2]}
    held = OldRow.objects.filter(file=file, outcome="held", patient_id__isnull=False)
    return sorted(found.union(held.values_list("patient_id", flat=True)))  # type: ignore[arg-type]


def left_over(file_id: UUID, most: int) -> QuerySet[OldRow]:
    """Return the rows of a file that were not taken, in its order."""
    rows = OldRow.objects.filter(file_id=file_id, outcome__in=("bad", "held"))
    return rows.order_by("row")[:most]


def taken_with_words(file_id: UUID) -> int:
    """Return how many rows were taken with something that could not be understood."""
    return OldRow.objects.filter(file_id=file_id, outcome__in=("taken", "joined")).exclude(why=[]).count()
