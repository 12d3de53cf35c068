"""Closed bills of earlier books stand on a day of their own, before the book begins, whatever is closed after it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_service_day_of_a_line")]

    operations = [
        migrations.AddField(
            model_name="postingday", name="is_history", field=models.BooleanField(default=False)
        ),
        migrations.AddConstraint(
            model_name="postingday",
            constraint=models.UniqueConstraint(
                fields=["practice"], condition=Q(is_history=True), name="posting_day_of_history_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="postingday",
            constraint=models.CheckConstraint(
                name="posting_day_of_history_never_closes",
                condition=Q(is_history=False) | Q(closed_at__isnull=True),
            ),
        ),
        migrations.RunSQL(
            """
            CREATE OR REPLACE FUNCTION ledger_day_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE history boolean;
            BEGIN
                SELECT is_history INTO history FROM posting_day WHERE id = NEW.posting_day_id AND day = NEW.posted_on
                    AND closed_at IS NULL FOR SHARE;
                IF NOT FOUND OR NOT history AND EXISTS (
                        SELECT 1 FROM posting_day WHERE practice_id = NEW.practice_id
                        AND day > NEW.posted_on AND closed_at IS NOT NULL) THEN
                    RAISE EXCEPTION 'the day % is closed', NEW.posted_on
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_day_is_open';
                END IF;
                RETURN NEW;
            END $$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
