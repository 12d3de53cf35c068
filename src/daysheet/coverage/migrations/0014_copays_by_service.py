from django.db import migrations, models

# Answers that stand already: the copay of each other service as their lines name it, by network, then level, then place.
NAMED = r"""
DO $$
DECLARE own uuid; acting text := coalesce(current_setting('app.practice', true), '');
BEGIN
    FOR own IN SELECT id FROM practice LOOP
        PERFORM set_config('app.practice', own::text, true);
        WITH best AS (
            SELECT DISTINCT ON (b.response_id, s.code) b.response_id, s.code, b.amount, b.line
            FROM benefit_line b
            JOIN (VALUES ('UC'), ('35'), ('MH'), ('PT'), ('33'), ('AL')) s(code)
              ON s.code = ANY(string_to_array(b.service_types, ','))
            WHERE b.practice_id = own AND b.code = 'B' AND b.amount IS NOT NULL
              AND b.network IN ('Y', 'W', '', 'U') AND b.level IN ('IND', '', 'EMP', 'FAM')
            ORDER BY b.response_id, s.code, array_position(ARRAY['Y', 'W', '', 'U'], b.network),
                     array_position(ARRAY['IND', '', 'EMP', 'FAM'], b.level), b.line),
        said AS (
            SELECT response_id, jsonb_object_agg(code, jsonb_build_object(
                'amount', amount::text, 'line', line, 'rivals', '[]'::jsonb,
                'how', format('service type %s, line %s of the answer', code, line))) AS copays
            FROM best GROUP BY response_id)
        UPDATE eligibility_response e SET copays = said.copays
        FROM said WHERE e.practice_id = own AND e.id = said.response_id AND e.verdict = 'eligible';
    END LOOP;
    PERFORM set_config('app.practice', acting, true);
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0013_unlisted_payers'),
    ]

    operations = [
        migrations.AddField(
            model_name='eligibilityresponse',
            name='copays',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
    ]
