"""A column that names a row of another table can be asked by an index, so that no page reads a table that grows."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

WITHOUT = """
select c.relname || '.' || a.attname
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  and a.atttypid = 'uuid'::regtype and a.attname not in ('id', 'practice_id')
  and not exists (select 1 from pg_index i
                  where i.indrelid = c.oid and (i.indkey[0] = a.attnum or i.indkey[1] = a.attnum))
"""
NEVER_ASKED_BY = {
    "audit_line.actor_id": "the diary is read by day or by patient",
    "audit_patient.line_id": "found by its patient, and the line by its key",
    "card_charge.by_station_id": "said beside the charge",
    "card_charge.by_user_id": "said beside the charge",
    "card_charge.self_check_in_id": "asked together with the patient",
    "card_charge.visit_id": "charges are asked by card, patient or state",
    "cash_drawer.approved_by_id": "said beside the drawer",
    "cash_drawer.closed_by_id": "said beside the drawer",
    "cash_drawer.counted_by_id": "said beside the drawer",
    "cash_drawer.keeper_id": "drawers of a day are few",
    "charge.entry_id": "a charge leads to its entry, never the other way",
    "consent.document_id": "a consent leads to its paper",
    "eligibility_inquiry.appointment_id": "questions are asked by coverage and by visit day",
    "filled_form.document_id": "a form leads to its paper",
    "ledger_line.visit_id": "asked together with the patient, of whom there are few lines",
    "old_row.patient_id": "rows of a file are asked by file, and by what they made",
    "once_key.user_id": "asked by the key",
    "patient.photo_id": "a chart leads to its picture",
    "patient_alert_step.user_id": "said beside the step",
    "portal_link.patient_id": "links are asked by token and by what they are about",
    "remitted_claim.entry_id": "leads to its entry",
    "trading_partner.other_practice_id": "partners are few",
    "workqueue_item.subject_id": "asked together with its kind",
}
"""Columns that stand in no question's condition, and why not."""


def test_every_column_that_leads_to_a_row_reaches_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT)
        found = {name for (name,) in cursor.fetchall()}
    assert found == NEVER_ASKED_BY.keys()
