"""The addresses of the book of time."""

from datetime import date

from django.urls import path, register_converter

from daysheet.schedule.views import (
    booking,
    cancel_reasons,
    carrying,
    cases,
    closing,
    day,
    feeds,
    missed,
    missed_rules,
    offering,
    outcome,
    recall_types,
    recalls,
    reminder_rules,
    reminding,
    restricting,
    series,
    setting,
    supplying,
    waiting,
    weeks,
)


class ScheduleDay:
    """A day in an address: 2026-03-09."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the day; what is no day is not found."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as it stands in an address."""
        return value.isoformat()


register_converter(ScheduleDay, "schedule_day")

app_name = "schedule"
urlpatterns = [
    path("", day.today, name="today"),
    path("<schedule_day:day>/", day.by_provider, name="day"),
    path("<schedule_day:day>/rooms/", day.by_room, name="rooms"),
    path("<schedule_day:day>/print/", day.on_paper, name="day-print"),
    path("<schedule_day:day>/week/", weeks.week, name="week"),
    path("<schedule_day:day>/agenda/", weeks.agenda, name="agenda"),
    path("<schedule_day:day>/month/", weeks.month, name="month"),
    path("<schedule_day:day>/carry/<slug:by>/", carrying.carry, name="carry"),
    path("book/<uuid:patient_id>/", booking.book, name="appointment-book"),
    path("book/<uuid:patient_id>/slots/", booking.slots, name="slots"),
    path("appointments/<uuid:appointment_id>/", outcome.appointment, name="appointment"),
    path("appointments/<uuid:appointment_id>/case/", cases.choose, name="appointment-case"),
    path("appointments/<uuid:appointment_id>/move/", booking.move, name="appointment-move"),
    path("appointments/<uuid:appointment_id>/cancel/", outcome.cancel, name="appointment-cancel"),
    path(
        "appointments/<uuid:appointment_id>/confirmation/", outcome.confirmation, name="appointment-confirm"
    ),
    path("appointments/<uuid:appointment_id>/undo/", outcome.undo, name="appointment-undo"),
    path("appointments/<uuid:appointment_id>/reopen/", outcome.reopen, name="appointment-reopen"),
    path("feed/<str:token>.ics", feeds.feed, name="feed"),
    path("clinicians/<uuid:provider_id>/feed/", feeds.setting, name="feed-setting"),
    path("clinicians/<uuid:provider_id>/feed/close/", feeds.close, name="feed-close"),
    path("appointments/<uuid:appointment_id>/wait/", waiting.add_for_appointment, name="wait-earlier"),
    path("patients/<uuid:patient_id>/wait/", waiting.add, name="wait"),
    path("waitlist/", waiting.everyone, name="waitlist"),
    path("waitlist/<uuid:waitlist_entry_id>/", waiting.entry, name="waitlist-entry"),
    path("waitlist/<uuid:waitlist_entry_id>/change/", waiting.change, name="waitlist-change"),
    path("waitlist/<uuid:waitlist_entry_id>/withdraw/", waiting.withdraw, name="waitlist-withdraw"),
    path("waitlist/<uuid:waitlist_entry_id>/put-back/", waiting.put_back, name="waitlist-put-back"),
    path("freed/", offering.freed_times, name="freed-times"),
    path("freed/<uuid:appointment_id>/", offering.freed_time, name="freed-time"),
    path("freed/<uuid:appointment_id>/offer/", offering.offer, name="slot-offer"),
    path("offers/<uuid:slot_offer_id>/answer/", offering.answer, name="offer-answer"),
    path("missed/", missed.visits, name="missed"),
    path("missed/<uuid:appointment_id>/close/", missed.close, name="missed-close"),
    path("missed/<uuid:appointment_id>/open/", missed.open_again, name="missed-open"),
    path("recalls/", recalls.every, name="recalls"),
    path("recalls/send/", recalls.send, name="recalls-send"),
    path("recalls/<uuid:recall_id>/", recalls.one, name="recall"),
    path("recalls/<uuid:recall_id>/step/", recalls.step, name="recall-step"),
    path("recalls/<uuid:recall_id>/contact/", recalls.contact, name="recall-contact"),
    path("recalls/<uuid:recall_id>/day/", recalls.day, name="recall-day"),
    path("recalls/<uuid:recall_id>/stop/", recalls.stop, name="recall-stop"),
    path("recalls/<uuid:recall_id>/reactivate/", recalls.reactivate, name="recall-reactivate"),
    path("recalls/<uuid:recall_id>/silence/", recalls.silence, name="recall-silence"),
    path("recalls/<uuid:recall_id>/speak/", recalls.speak, name="recall-speak"),
    path("recall-contacts/<uuid:recall_contact_id>/undo/", recalls.contact_undo, name="recall-contact-undo"),
    path("patients/<uuid:patient_id>/recall/", recalls.add, name="recall-add"),
    path("recall-types/", recall_types.every, name="recall-types"),
    path("recall-types/add/", recall_types.add, name="recall-type-add"),
    path("recall-types/<uuid:recall_type_id>/", recall_types.change, name="recall-type"),
    path("recall-types/<uuid:recall_type_id>/use/", recall_types.use, name="recall-type-use"),
    path("missed-fees/", missed_rules.every, name="missed-fee-rules"),
    path("missed-fees/add/", missed_rules.add, name="missed-fee-rule-add"),
    path("missed-fees/<uuid:missed_fee_rule_id>/", missed_rules.change, name="missed-fee-rule"),
    path("missed-fees/<uuid:missed_fee_rule_id>/use/", missed_rules.use, name="missed-fee-rule-use"),
    path("cancel-reasons/", cancel_reasons.every, name="cancel-reasons"),
    path("cancel-reasons/usual/", cancel_reasons.usual, name="cancel-reasons-usual"),
    path("cancel-reasons/add/", cancel_reasons.add, name="cancel-reason-add"),
    path("cancel-reasons/<uuid:cancel_reason_id>/", cancel_reasons.change, name="cancel-reason"),
    path("cancel-reasons/<uuid:cancel_reason_id>/use/", cancel_reasons.use, name="cancel-reason-use"),
    path("patients/<uuid:patient_id>/restrictions/", restricting.of_patient, name="restrictions"),
    path("restrictions/<uuid:booking_restriction_id>/end/", restricting.end, name="restriction-end"),
    path("restrictions/<uuid:booking_restriction_id>/hold/", restricting.hold, name="restriction-hold"),
    path("closings/", closing.every, name="closings"),
    path("closings/<uuid:closing_id>/", closing.one, name="closing"),
    path("closings/<uuid:closing_id>/propose/", closing.propose, name="closing-propose"),
    path("closings/<uuid:closing_id>/listed/", closing.listed, name="closing-listed"),
    path("closings/<uuid:closing_id>/work-off/", closing.work, name="closing-work"),
    path("closings/<uuid:closing_id>/undo/", closing.undo, name="closing-undo"),
    path("closing-rows/<uuid:closing_row_id>/", closing.row, name="closing-row"),
    path("book/<uuid:patient_id>/series/", series.begin, name="series-book"),
    path("series/<uuid:appointment_series_id>/", series.one, name="series"),
    path("series/<uuid:appointment_series_id>/cancel/", series.cancel, name="series-cancel"),
    path("series/<uuid:appointment_series_id>/again/", series.stand_again, name="series-stand-again"),
    path("series/<uuid:appointment_series_id>/undo/", series.undo, name="series-undo"),
    path("resources/", supplying.resources, name="resources"),
    path("resources/<uuid:resource_id>/retire/", supplying.resource_retire, name="resource-retire"),
    path("resources/<uuid:resource_id>/restore/", supplying.resource_restore, name="resource-restore"),
    path("clinicians/<uuid:provider_id>/overbook/", setting.overbook_add, name="overbook-add"),
    path("overbook/<uuid:overbook_rule_id>/remove/", setting.overbook_remove, name="overbook-remove"),
    path("to-call/", reminding.to_call, name="to-call"),
    path("reminders/<uuid:reminder_id>/settle/", reminding.settle, name="reminder-settle"),
    path("reminders/<uuid:reminder_id>/open/", reminding.open_again, name="reminder-open"),
    path("appointments/<uuid:appointment_id>/remind/", reminding.send_now, name="appointment-remind"),
    path("reminded/<uuid:reminder_visit_id>/stop/", reminding.stop, name="reminder-stop"),
    path("reminded/<uuid:reminder_visit_id>/revoke/", reminding.revoke, name="reminder-revoke"),
    path("reminded/<uuid:reminder_visit_id>/take-back/", reminding.take_back, name="answer-take-back"),
    path("patients/<uuid:patient_id>/reminders/", reminding.wish, name="reminder-wish"),
    path("reminder-rules/", reminder_rules.every, name="reminder-rules"),
    path("reminder-rules/usual/", reminder_rules.usual, name="reminder-rules-usual"),
    path("reminder-rules/add/", reminder_rules.add, name="reminder-rule-add"),
    path("reminder-rules/<uuid:reminder_rule_id>/", reminder_rules.change, name="reminder-rule"),
    path("reminder-rules/<uuid:reminder_rule_id>/use/", reminder_rules.use, name="reminder-rule-use"),
    path("types/", setting.types, name="types"),
    path("types/<uuid:type_id>/", setting.type_change, name="type-change"),
    path("types/<uuid:type_id>/takes/", supplying.type_takes, name="type-takes"),
    path("types/<uuid:type_id>/retire/", setting.type_retire, name="type-retire"),
    path("types/<uuid:type_id>/restore/", setting.type_restore, name="type-restore"),
    path("clinicians/", setting.clinicians, name="clinicians"),
    path("clinicians/<uuid:provider_id>/hours/", setting.hours, name="hours"),
    path("clinicians/<uuid:provider_id>/absences/", setting.absence_add, name="absence-add"),
    path("absences/<uuid:absence_id>/remove/", setting.absence_remove, name="absence-remove"),
    path("patients/<uuid:patient_id>/panel/", day.patient_panel, name="patient-panel"),
]
