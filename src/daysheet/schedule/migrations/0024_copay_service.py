from django.db import migrations, models

# Kinds of visit that came with a care setting take the service of that setting.
BROUGHT = """
DO $$
DECLARE own uuid; acting text := coalesce(current_setting('app.practice', true), '');
BEGIN
    FOR own IN SELECT id FROM practice LOOP
        PERFORM set_config('app.practice', own::text, true);
        UPDATE appointment_type t SET copay_service = CASE s.setting WHEN 'dental' THEN '35' ELSE 'UC' END
        FROM added_piece p JOIN added_setting s ON s.practice_id = own AND s.id = p.added_id
        WHERE t.practice_id = own AND p.practice_id = own AND p.part = 'visits' AND p.found_at = t.id::text
          AND s.setting IN ('dental', 'urgent_care');
    END LOOP;
    PERFORM set_config('app.practice', acting, true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("schedule", "0023_before_change"),
        ("practice", "0006_pieces_of_each_door"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointmenttype",
            name="copay_service",
            field=models.TextField(db_default="98", default="98"),
        ),
        migrations.RunSQL(BROUGHT, migrations.RunSQL.noop),
    ]
