"""The rows of what payers want of visits by video or phone, as the office has written it down."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.models import PracticeRow


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
