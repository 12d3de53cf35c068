"""What every process must remember for minutes: tries at a sign-in, codes used once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_a_training_clock_may_run")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE kept_briefly (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
            CREATE INDEX kept_briefly_expires ON kept_briefly (expires);
            GRANT SELECT, INSERT, UPDATE, DELETE ON kept_briefly TO daysheet_app;
            """,
            "DROP TABLE kept_briefly",
        ),
    ]
