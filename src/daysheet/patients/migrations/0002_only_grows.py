"""History only grows."""

from django.db import migrations

from daysheet.kernel.pg.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_walls"), ("patients", "0001_initial")]

    operations = [append_only("patient_change")]
