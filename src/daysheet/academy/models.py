"""What the academy keeps for a person who is signed in. Its figures lie elsewhere, in the pack."""

from typing import ClassVar

from django.db import models

from daysheet.kernel.models import PracticeRow


class KeptPlan(PracticeRow):
    """A person's own path, as typed; for that person alone. One that was forgotten is empty, its version goes on."""

    user_id = models.UUIDField()
    words = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "kept_plan"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "user_id"], name="kept_plan_is_one_per_person"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
