"""After a run the practice is put back: what the rows booked and checked in is taken away again."""

import psycopg

from daysheet.site.bench.plan import NOW

SINCE = (
    "delete from flow_event e using visit v where v.id = e.visit_id and v.arrived_at >= %(now)s",
    "delete from visit_step s using visit v where v.id = s.visit_id and v.arrived_at >= %(now)s",
    "delete from visit where arrived_at >= %(now)s",
    "delete from waitlist_entry where added_at >= %(now)s",
    "delete from appointment where booked_at >= %(now)s",
    # The consents that were copied in have keys of the plan's own shape.
    "delete from consent where at >= %(now)s and id::text not like '%%-8000-00%%'",
    "delete from benefit_line l using eligibility_response r where r.id = l.response_id and r.answered_at >= %(now)s",
    "delete from eligibility_response where answered_at >= %(now)s",
    "delete from eligibility_inquiry where asked_at >= %(now)s",
    "delete from envelope_event where at >= %(now)s",
    "delete from envelope where created_at >= %(now)s",
    "delete from once_key",
    "delete from desk_session",
    "delete from django_session",
)


def tidy(address: str) -> None:
    """Take away what came after the practice's moment; the login must be one that row-level security lets pass."""
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("set session_replication_role = replica")
        for statement in SINCE:
            link.execute(statement, {"now": NOW})
        # A table that was rewritten (see `copying`) has no map of what all may see, and nothing has changed since that
        # would bring autovacuum: without it each row of an index is looked for in the table, which no office does.
        link.execute("vacuum (analyze) appointment, visit, visit_step, flow_event, patient_key")
