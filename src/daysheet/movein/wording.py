"""Moving in, in words: kinds, fields, and the sentence for each thing that can be wrong."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.movein.rules.fields import KINDS
from daysheet.movein.rules.sheets import Unreadable

KIND_WORDS: Mapping[str, Promise] = {
    "patients": _("Patients"),
    "coverages": _("Coverages"),
    "appointments": _("Future appointments"),
    "recalls": _("Recalls"),
    "notes": _("Notes and alerts"),
    "alerts": _("Alerts"),
    "balances": _("Open balances"),
    "fees": _("Fees"),
}
FIELD_WORDS: Mapping[str, Promise] = {
    "key": _("Number in the old system"),
    "patient_key": _("Patient's number in the old system"),
    "family": _("Last name"),
    "given": _("First name"),
    "middle": _("Middle name"),
    "name": _("Whole name in one cell"),
    "suffix": _("Suffix"),
    "preferred": _("Goes by"),
    "former_family": _("Former last name"),
    "born_on": _("Birth date"),
    "sex": _("Sex"),
    "street": _("Street"),
    "street2": _("Street, second line"),
    "place": _("City, state and ZIP in one cell"),
    "city": _("City"),
    "state": _("State"),
    "zip": _("ZIP code"),
    "phone_mobile": _("Mobile phone"),
    "phone_home": _("Home phone"),
    "phone_work": _("Work phone"),
    "email": _("E-mail"),
    "language": _("Language"),
    "contact_name": _("Emergency contact"),
    "contact_phone": _("Phone of the contact"),
    "contact_relation": _("What the contact is to the patient"),
    "status": _("Status"),
    "deceased_on": _("Died on"),
    "note": _("Note"),
    "alert": _("Alert"),
    "audience": _("For whom"),
    "until_on": _("Until"),
    "payer": _("Insurance company"),
    "payer_wire": _("Payer id on the wire"),
    "plan": _("Plan"),
    "member_id": _("Member id"),
    "group": _("Group number"),
    "relationship": _("Patient is to the subscriber"),
    "subscriber_name": _("Subscriber in one cell"),
    "subscriber_family": _("Subscriber's last name"),
    "subscriber_given": _("Subscriber's first name"),
    "subscriber_born_on": _("Subscriber's birth date"),
    "subscriber_sex": _("Subscriber's sex"),
    "starts_on": _("First day, or day"),
    "ends_on": _("Last day"),
    "rank": _("Primary, secondary or tertiary"),
    "starts_time": _("Time of day"),
    "minutes": _("Length in minutes"),
    "seconds": _("Length in seconds"),
    "pattern": _("Length drawn, five minutes a sign"),
    "provider": _("Clinician"),
    "location": _("Location"),
    "type": _("Visit type"),
    "reason": _("Reason"),
    "due_on": _("Due on"),
    "every_months": _("Comes again after, in months"),
    "text": _("Text"),
    "written_on": _("Written on"),
    "patient_due": _("Due from the patient"),
    "plan_due": _("Due from the plan"),
    "service_on": _("Service day"),
    "code": _("Procedure code"),
    "label": _("Description"),
    "amount": _("Amount"),
}
OUTCOMES: Mapping[str, Promise] = {
    "taken": _("Taken"),
    "updated": _("Updated"),
    "joined": _("Put to a chart that was here"),
    "known": _("Here before, unchanged"),
    "held": _("Held for a person"),
    "left": _("Left out on purpose"),
    "bad": _("Not taken"),
}
SENTENCES: Mapping[str, Promise] = {
    "ragged": _("The row has more cells than the table has columns. A quote or a comma is likely too many."),
    "twice": _("Row %(said)s has the same number already."),
    "long": _("The text is longer than %(said)s letters."),
    "day": _("This is no day: %(said)s"),
    "time": _("This is no time of day: %(said)s"),
    "place": _("City, state and ZIP code cannot be told apart in this: %(said)s"),
    "money": _("This is no amount of money: %(said)s"),
    "phone": _("This is no telephone number with its area code: %(said)s"),
    "sex": _("This is no sex that we know: %(said)s. Say what it means on the page of the file."),
    "status": _("This is no status that we know: %(said)s. Say what it means on the page of the file."),
    "relation": _("This is no relation that we know: %(said)s. Say what it means on the page of the file."),
    "language": _(
        "A chart has no name for this language: %(said)s. It stands as another language, and in the note."
    ),
    "rank": _("A plan is primary, secondary or tertiary, not %(said)s."),
    "audience": _("Nobody here is called %(said)s. Say for whom it is on the page of the file."),
    "flag": _("This is neither yes nor no: %(said)s"),
    "minutes": _("This is no length in minutes: %(said)s"),
    "email": _("This is no e-mail address: %(said)s"),
    "life": _("Nobody alive was born on %(said)s. Check the year."),
    "death": _("The day of death lies before the birth or after today: %(said)s"),
    "missing_key": _("The number in the old system is missing."),
    "missing_patient_key": _("The patient's number in the old system is missing."),
    "missing_family": _("The last name is missing."),
    "missing_born_on": _("The birth date is missing."),
    "missing_payer": _("The insurance company is missing."),
    "missing_member_id": _("The member id is missing."),
    "missing_starts_on": _("The day is missing."),
    "missing_provider": _("The clinician is missing."),
    "missing_due_on": _("The day on which the visit is due is missing."),
    "missing_text": _("There is no text."),
    "missing_alert": _("There is no text."),
    "missing_patient_due": _("There is no amount."),
    "missing_code": _("The procedure code is missing."),
    "missing_amount": _("The amount is missing."),
    "missing_time": _("The time of day is missing."),
    "time_taken": _(
        "The clinician or the patient has a visit here at that time. Move one of the two, or let a rule book over it."
    ),
    "unsound": _("A chart cannot hold this: a name of which nothing can be seen, or one that is too long."),
    "no_patient": _("No patient here has that number in the old system. Take the patients in first."),
    "no_provider": _("No clinician here is called %(said)s. Say who is meant on the page of the file."),
    "no_location": _("No location here is called %(said)s. Say which is meant on the page of the file."),
    "no_type": _("No visit type here is called %(said)s. Say which is meant on the page of the file."),
    "no_recall": _(
        "No visit that comes again here is called %(said)s. Say which is meant on the page of the file, or add it "
        "under Recalls."
    ),
    "is_stopped": _("It was stopped in the old system."),
    "months": _("This is no number of months: %(said)s"),
    "no_subscriber": _(
        "The plan comes through somebody else: name and birth date of the subscriber are missing."
    ),
    "alike_chart": _("Very like chart %(said)s. Look whether it is the same person."),
    "alike_row": _("Very like row %(said)s of this file. Look whether it is the same person."),
    "changed_here": _("The office changed it since it was taken in; what the file says now was left."),
    "changed_there": _(
        "The old system says this otherwise than when it was taken in. What stands here was left; change it by hand "
        "where the old system is right."
    ),
    "other_amount": _(
        "It was taken before with another amount. Take that file back first, then this one in."
    ),
    "past": _("The day has gone by."),
    "is_cancelled": _("It was cancelled or kept in the old system."),
    "zero": _("Nothing is due."),
    "cut": _("The note was longer than a chart's note may be. The rest is only in the file."),
    "broken": _(
        "Something in this row cannot be kept here. Look at each of its cells, mend them, and bring it again."
    ),
    "refused": _("%(said)s"),
}
UNREADABLE: Mapping[str, Promise] = {
    "empty": _("The file is empty."),
    "large": _("The file is larger than %(most)s MB. Export it in parts."),
    "foreign": _("This is no table. Save it as CSV or XLSX, then bring it."),
    "old_workbook": _(
        "This is a workbook of the old kind (xls). Open it and save it as XLSX or CSV, then bring it."
    ),
    "damaged": _("The workbook is damaged. Open it in a spreadsheet, save it anew, then bring it."),
    "bomb": _("The workbook unpacks to far more than it should hold. It was not opened."),
    "unworked": _(
        "The formula in cell %(cell)s was never worked out. Open the workbook in a spreadsheet, save it, then bring it."
    ),
    "long_cell": _(
        "Near line %(line)s a cell holds more than %(most)s letters. A quote is likely never closed there."
    ),
    "quotes": _(
        "Near line %(line)s the quotes do not match. Open the file in a spreadsheet and save it anew."
    ),
    "many_rows": _("The file has more than %(most)s rows. Export it in parts."),
    "many_columns": _("The file has more than %(most)s columns."),
}


def sentence(column: str, code: str, said: str) -> str:
    """Return what is wrong with a cell, in words, with the column's name in front."""
    words = now_(str(SENTENCES.get(code, SENTENCES["refused"]))) % {"said": said}
    return f"{column}: {words}" if column else words


def sentences(why: Sequence[Sequence[str]]) -> str:
    """Return all that is wrong with a row, in words."""
    return " ".join(sentence(*one) for one in why)


def unreadable(no: Unreadable) -> str:
    """Return why a file is no table, in words."""
    return now_(str(UNREADABLE[no.code])) % no.facts


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of files, in the order in which a practice moves."""
    return [(key, str(KIND_WORDS[key])) for key in KINDS]
