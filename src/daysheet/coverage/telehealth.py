"""What each payer wants on the claim of a visit by video or phone: as the office has written it down, else as shipped."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.coverage.rules.telehealth import Wanted, shipped
from daysheet.kernel.models import PracticeRow

if TYPE_CHECKING:
    from daysheet.coverage.models import Payer

Key = TypeVar("Key")


class TelehealthRule(PracticeRow):
    """What a payer told the office about visits by video, or by phone."""

    class Mode(models.TextChoices):
        VIDEO = "video", _("By video")
        PHONE = "phone", _("By phone")

    payer = models.ForeignKey("coverage.Payer", models.PROTECT, related_name="telehealth_rules")
    mode = models.TextField(choices=Mode.choices)
    at_home = models.TextField()
    elsewhere = models.TextField()
    modifier = models.TextField(blank=True, default="")
    source = models.TextField()
    """Where it stands written: the payer's manual, a letter, a call with a name and a day."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "telehealth_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "payer", "mode"], name="telehealth_rule_is_one_for_a_payer"
            ),
            models.CheckConstraint(
                name="telehealth_rule_places_have_two_digits",
                condition=Q(at_home__regex=r"^[0-9]{2}$", elsewhere__regex=r"^[0-9]{2}$"),
            ),
            models.CheckConstraint(name="telehealth_rule_says_where_from", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.mode}: {self.at_home}, {self.elsewhere}"


def wanted(payer_id: UUID | None, filing_code: str, mode: str) -> Wanted:
    """Return what a payer wants: one statement where there is a payer, else none."""
    own = TelehealthRule.objects.filter(payer_id=payer_id, mode=mode).first() if payer_id else None
    return _as_wanted(own) if own else shipped(mode, filing_code)


def wanted_by(asked: Mapping[Key, tuple["Payer", str]]) -> dict[Key, Wanted]:
    """Return what some payers want, by key: one statement, or none where nobody asks."""
    if not asked:
        return {}
    rows = TelehealthRule.objects.filter(payer_id__in={payer.pk for payer, _mode in asked.values()})
    own = {(row.payer_id, row.mode): _as_wanted(row) for row in rows}
    return {
        key: own.get((payer.pk, mode)) or shipped(mode, payer.filing_code)
        for key, (payer, mode) in asked.items()
    }


def _as_wanted(own: TelehealthRule) -> Wanted:
    return Wanted(own.at_home, own.elsewhere, own.modifier, own.source)
