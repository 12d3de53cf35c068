"""The book holds itself: entries sum to zero at the commit, only grow, and never fall into a closed day."""

from django.db import migrations

from daysheet.kernel.pg.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_walls"), ("ledger", "0001_initial")]

    operations = [
        append_only("ledger_entry"),
        append_only("ledger_line"),
        append_only("daysheet"),
        migrations.RunSQL(
            """
            CREATE FUNCTION ledger_entry_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE total numeric; sides int; entry uuid;
            BEGIN
                entry := CASE TG_TABLE_NAME WHEN 'ledger_entry' THEN (to_jsonb(NEW)->>'id')::uuid
                                            ELSE (to_jsonb(NEW)->>'entry_id')::uuid END;
                SELECT sum(amount), count(*) INTO total, sides FROM ledger_line WHERE entry_id = entry;
                IF total IS DISTINCT FROM 0 OR sides < 2 THEN
                    RAISE EXCEPTION 'a ledger entry must sum to zero, this one sums to %', total
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_sums_to_zero';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER ledger_entry_sums_to_zero AFTER INSERT ON ledger_entry
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_sums_to_zero();
            CREATE CONSTRAINT TRIGGER ledger_line_sums_to_zero AFTER INSERT ON ledger_line
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_sums_to_zero();

            CREATE FUNCTION ledger_day_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM 1 FROM posting_day WHERE id = NEW.posting_day_id AND day = NEW.posted_on
                    AND closed_at IS NULL FOR SHARE;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'the day % is closed', NEW.posted_on
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_day_is_open';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER ledger_day_is_open BEFORE INSERT ON ledger_entry
                FOR EACH ROW EXECUTE FUNCTION ledger_day_is_open();

            CREATE FUNCTION ledger_lines_join_an_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM added a
                           LEFT JOIN ledger_entry e ON e.id = a.entry_id
                           LEFT JOIN posting_day d ON d.id = e.posting_day_id
                           WHERE d.closed_at IS NOT NULL OR a.posted_on IS DISTINCT FROM e.posted_on) THEN
                    RAISE EXCEPTION 'a line stands on the open day of its entry'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_lines_join_an_open_day';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER ledger_lines_join_an_open_day AFTER INSERT ON ledger_line
                REFERENCING NEW TABLE AS added FOR EACH STATEMENT
                EXECUTE FUNCTION ledger_lines_join_an_open_day();

            CREATE FUNCTION posting_day_stays_closed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.closed_at IS NOT NULL THEN
                    RAISE EXCEPTION 'the day % is closed for ever', OLD.day
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_day_stays_closed';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER posting_day_stays_closed BEFORE UPDATE OR DELETE ON posting_day
                FOR EACH ROW EXECUTE FUNCTION posting_day_stays_closed();
            """,
            """
            DROP TRIGGER posting_day_stays_closed ON posting_day;
            DROP TRIGGER ledger_lines_join_an_open_day ON ledger_line;
            DROP TRIGGER ledger_day_is_open ON ledger_entry;
            DROP TRIGGER ledger_line_sums_to_zero ON ledger_line;
            DROP TRIGGER ledger_entry_sums_to_zero ON ledger_entry;
            DROP FUNCTION posting_day_stays_closed();
            DROP FUNCTION ledger_lines_join_an_open_day();
            DROP FUNCTION ledger_day_is_open();
            DROP FUNCTION ledger_entry_sums_to_zero();
            """,
        ),
    ]
