from django.db import migrations, models

# What was asked before a change of plan, member or subscriber was asked about another card: the diary tells when.
ASKED_BEFORE = """
DO $$
DECLARE own uuid; acting text := coalesce(current_setting('app.practice', true), '');
BEGIN
    FOR own IN SELECT id FROM practice LOOP
        PERFORM set_config('app.practice', own::text, true);
        UPDATE coverage c SET card_version = 1 + n.times
        FROM (SELECT subject_id, count(*) AS times FROM audit_line
              WHERE practice_id = own AND action = 'coverage.coverage.changed'
                AND details->'changed' ?| array['plan_id', 'member_id', 'relationship', 'subscriber_family',
                                                'subscriber_given', 'subscriber_born_on']
              GROUP BY subject_id) n
        WHERE c.practice_id = own AND c.id = n.subject_id;
        UPDATE eligibility_inquiry i SET card_version = 1 + (
            SELECT count(*) FROM audit_line a
            WHERE a.practice_id = own AND a.action = 'coverage.coverage.changed' AND a.subject_id = i.coverage_id
              AND a.at <= i.asked_at
              AND a.details->'changed' ?| array['plan_id', 'member_id', 'relationship', 'subscriber_family',
                                                'subscriber_given', 'subscriber_born_on'])
        FROM coverage c
        WHERE i.practice_id = own AND c.practice_id = own AND c.id = i.coverage_id AND c.card_version > 1;
    END LOOP;
    PERFORM set_config('app.practice', acting, true);
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0008_telehealth_and_units'),
        ('kernel', '0005_kept_briefly'),
    ]

    operations = [
        migrations.AddField(
            model_name='coverage',
            name='card_version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='eligibilityinquiry',
            name='card_version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.RunSQL(ASKED_BEFORE, migrations.RunSQL.noop),
    ]
