"""What the house does by itself at night."""

from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from daysheet.kernel import clock, drafts, once
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in

ANSWERS, DRAFTS = timedelta(days=2), timedelta(days=7)


@app.periodic(cron="20 3 * * *")
@app.task(name="site.tidy_up", queue="office", pass_context=False)
def tidy_up(timestamp: int) -> None:
    """Forget answers of forms after two days and drafts after seven, practice by practice."""
    now = clock.system_now()
    for practice_id in Practice.objects.values_list("id", flat=True):
        with acting_in(practice_id), transaction.atomic():
            once.forget_before(now - ANSWERS)
            drafts.forget_before(now - DRAFTS)
