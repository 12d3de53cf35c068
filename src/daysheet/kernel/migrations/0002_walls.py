"""What models cannot say: tables that only grow, the sealer's rights, the diary's hands-off rules."""

from django.db import migrations

from daysheet.kernel.pg.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% only grows: a row is never changed or removed', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$;
            """,
            "DROP FUNCTION refuse_change()",
        ),
        append_only("audit_line"),
        append_only("audit_patient"),
        append_only("audit_seal"),
        migrations.RunSQL(
            """
            REVOKE INSERT ON audit_seal FROM daysheet_app;
            REVOKE INSERT, UPDATE, DELETE ON audit_horizon FROM daysheet_app;
            GRANT SELECT ON audit_line, audit_seal, audit_horizon, practice TO daysheet_sealer;
            GRANT INSERT ON audit_seal, audit_horizon TO daysheet_sealer;
            GRANT UPDATE ON audit_horizon TO daysheet_sealer;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO daysheet_app, daysheet_sealer;
            CREATE POLICY sealer_reads ON audit_line FOR SELECT TO daysheet_sealer USING (true);
            CREATE POLICY sealer_seals ON audit_seal TO daysheet_sealer USING (true) WITH CHECK (true);
            """,
            migrations.RunSQL.noop,
        ),
    ]
