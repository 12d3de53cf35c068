from django.db import migrations, models

# Plans that took the place of a Medicaid plan whose answer named their payer as the one that runs it.
SWITCHED_BEFORE = """
DO $$
DECLARE own uuid; acting text := coalesce(current_setting('app.practice', true), '');
BEGIN
    FOR own IN SELECT id FROM practice LOOP
        PERFORM set_config('app.practice', own::text, true);
        UPDATE coverage n SET is_of_medicaid = true
        FROM insurance_plan l, payer y
        WHERE n.practice_id = own AND l.practice_id = own AND y.practice_id = own
          AND l.id = n.plan_id AND y.id = l.payer_id AND EXISTS (
            SELECT 1 FROM coverage o
            JOIN insurance_plan ol ON ol.id = o.plan_id
            JOIN payer oy ON oy.id = ol.payer_id
            JOIN eligibility_inquiry i ON i.coverage_id = o.id
            JOIN eligibility_response e ON e.inquiry_id = i.id
            CROSS JOIN jsonb_array_elements(e.other_payers) other
            WHERE o.practice_id = own AND o.patient_id = n.patient_id AND o.rank = n.rank
              AND o.ends_on = n.starts_on AND o.entered_in_error_at IS NULL
              AND (ol.kind = 'medicaid' OR oy.filing_code = 'MC')
              AND other->'is_manager' = 'true'::jsonb
              AND (other->>'id' = y.payer_id OR lower(other->>'name') IN (lower(y.name), lower(l.name))));
    END LOOP;
    PERFORM set_config('app.practice', acting, true);
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0009_which_card_was_asked_about'),
    ]

    operations = [
        migrations.AddField(
            model_name='coverage',
            name='is_of_medicaid',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(SWITCHED_BEFORE, migrations.RunSQL.noop),
    ]
