"""The application works the queue: rights on the tables and numbers that the job library made."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_walls"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(
            """
            DO $$
            DECLARE one record;
            BEGIN
                FOR one IN SELECT relname, relkind FROM pg_class
                           WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'procrastinate%'
                             AND relkind IN ('r', 'S') LOOP
                    IF one.relkind = 'r' THEN
                        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO daysheet_app', one.relname);
                    ELSE
                        EXECUTE format('GRANT USAGE, SELECT, UPDATE ON SEQUENCE %I TO daysheet_app', one.relname);
                    END IF;
                END LOOP;
            END $$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
