"""The room `tasks` as a Django app."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor, Can
from daysheet.ui.verbs import Verb

if TYPE_CHECKING:
    from daysheet.mailroom.models import Envelope

NAV = [("work", "My work", "tasks:my-work", "inbox", Can.WORK_TASKS, 10)]


class TasksConfig(AppConfig):
    """The to-do of the office: one work list under every room."""

    name = "daysheet.tasks"
    label = "tasks"

    def ready(self) -> None:
        """Hear of envelopes that need a person."""
        from daysheet.mailroom import routes

        routes.when_stuck(ask_a_person)


def ask_a_person(by: Actor, envelope: "Envelope") -> None:
    """Put a parked or undelivered envelope on the biller's list."""
    from daysheet.kernel.models import Practice
    from daysheet.tasks import commands

    if Practice.objects.get(pk=by.practice_id).kind == Practice.Kind.PAYER:
        return  # an insurance desk works by its mail, not by a work list
    commands.open_item(
        by,
        kind="mail",
        reason_code=f"MAIL-{envelope.state.upper()}",
        sentence=f"{envelope.kind} number {envelope.number}: {envelope.trouble}",
        due_at=by.now + timedelta(hours=4),
        source_of_due="office rule 4 h",
        role="biller",
        subject=envelope,
        link=reverse("mailroom:envelope", args=[envelope.pk]),
    )


VERBS = [
    Verb(
        _("New item of work"),
        "tasks:item-new",
        Can.WORK_TASKS,
        ("new task", "add task", "message to a clinician", "new item"),
    ),
    Verb(_("My work"), "tasks:my-work", Can.WORK_TASKS, ("work", "tasks", "to do", "inbox", "in basket")),
]
