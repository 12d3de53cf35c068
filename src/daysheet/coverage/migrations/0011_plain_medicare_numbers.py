from django.db import migrations

# Numbers of original Medicare that were stored with the dashes of the card. A payer who found nobody by such a number
# was asked about another one: that question counts no more.
PLAIN = r"""
DO $$
DECLARE own uuid; acting text := coalesce(current_setting('app.practice', true), '');
BEGIN
    FOR own IN SELECT id FROM practice LOOP
        PERFORM set_config('app.practice', own::text, true);
        WITH made_plain AS (
            UPDATE coverage c SET member_id = upper(regexp_replace(c.member_id, '[\s-]', '', 'g'))
            FROM insurance_plan l, payer y
            WHERE c.practice_id = own AND l.practice_id = own AND y.practice_id = own
              AND l.id = c.plan_id AND y.id = l.payer_id AND y.filing_code IN ('MA', 'MB')
              AND c.member_id ~ '[\s-]'
              AND upper(regexp_replace(c.member_id, '[\s-]', '', 'g')) ~
                  ('^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]'
                   '[AC-HJKMNP-RT-Y]{2}[0-9]{2}$')
            RETURNING c.id)
        UPDATE eligibility_inquiry i SET card_version = 0
        FROM made_plain m, eligibility_response e
        WHERE i.practice_id = own AND e.practice_id = own AND i.coverage_id = m.id AND e.inquiry_id = i.id
          AND e.verdict = 'not_found';
    END LOOP;
    PERFORM set_config('app.practice', acting, true);
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0010_medicaid_managed_care'),
    ]

    operations = [
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
    ]
