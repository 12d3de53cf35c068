"""Whether an entry sums to zero is asked by its practice and its key: by the key alone the database may read the whole book."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0013_own_payments")]

    operations = [
        migrations.RunSQL(
            """
            CREATE OR REPLACE FUNCTION ledger_entry_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE total numeric; sides int; entry uuid; acting text;
            BEGIN
                IF TG_TABLE_NAME = 'ledger_entry' THEN
                    entry := NEW.id;
                ELSE
                    entry := NEW.entry_id;
                END IF;
                acting := current_setting('app.practice', true);
                -- at the commit another practice may act: the lines are looked at as their own practice sees them
                PERFORM set_config('app.practice', NEW.practice_id::text, true);
                -- In an order that one index alone has: where nothing is known of the table yet, each index of the
                -- practice looks as good as that of the entry, and each entry would read the whole book.
                SELECT sum(its.amount), count(*) INTO total, sides FROM (
                    SELECT amount FROM ledger_line
                    WHERE practice_id = NEW.practice_id AND entry_id BETWEEN entry AND entry
                    ORDER BY entry_id) AS its;
                PERFORM set_config('app.practice', coalesce(acting, ''), true);
                IF total IS DISTINCT FROM 0 OR sides < 2 THEN
                    RAISE EXCEPTION 'a ledger entry must sum to zero, this one sums to %', total
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_sums_to_zero';
                END IF;
                RETURN NULL;
            END $$;
            """,
            migrations.RunSQL.noop,
        ),
    ]
