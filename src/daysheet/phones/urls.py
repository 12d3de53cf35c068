"""The addresses of the telephone. No number and no name is ever part of one."""

from django.urls import path

from daysheet.phones.views import call, desk, hook, office

app_name = "phones"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("list/", desk.desk_list, name="desk-list"),
    path("panel/", desk.panel_list, name="panel-list"),
    path("new/", desk.call_new, name="call-new"),
    path("log/", desk.log, name="log"),
    path("of/<uuid:patient_id>/", desk.patient_panel, name="patient-panel"),
    path("calls/<uuid:call_id>/", call.call, name="call"),
    path("calls/<uuid:call_id>/head/", call.head_list, name="head-list"),
    path("calls/<uuid:call_id>/ask/", call.ask_list, name="ask-list"),
    path("calls/<uuid:call_id>/take/", call.call_take, name="call-take"),
    path("calls/<uuid:call_id>/abandoned/", call.call_abandoned, name="call-abandoned"),
    path("calls/<uuid:call_id>/hold/", call.call_hold, name="call-hold"),
    path("calls/<uuid:call_id>/resume/", call.call_resume, name="call-resume"),
    path("calls/<uuid:call_id>/reopen/", call.call_reopen, name="call-reopen"),
    path("calls/<uuid:call_id>/talk/", call.call_talk, name="call-talk"),
    path("calls/<uuid:call_id>/identify/", call.call_identify, name="call-identify"),
    path("calls/<uuid:call_id>/forget/", call.call_forget, name="call-forget"),
    path("calls/<uuid:call_id>/message/", call.call_message, name="call-message"),
    path("calls/<uuid:call_id>/red-flag/lower/", call.red_flag_lower, name="red-flag-lower"),
    path("calls/<uuid:call_id>/red-flag/<uuid:red_flag_id>/", call.red_flag, name="red-flag-raise"),
    path("numbers/", office.numbers, name="numbers"),
    path("numbers/<uuid:phone_flag_id>/unmark/", office.number_unflag, name="number-unflag"),
    path("reasons/", office.reasons, name="reasons"),
    path("reasons/usual/", office.reasons_usual, name="reasons-usual"),
    path("reasons/add/", office.reason_add, name="reason-add"),
    path("reasons/<uuid:reason_id>/", office.reason_change, name="reason-change"),
    path("reasons/<uuid:reason_id>/retire/", office.reason_retire, name="reason-retire"),
    path("red-flags/", office.red_flags, name="red-flags"),
    path("red-flags/add/", office.red_flag_add, name="red-flag-add"),
    path("red-flags/<uuid:red_flag_id>/", office.red_flag_change, name="red-flag-change"),
    path("red-flags/<uuid:red_flag_id>/retire/", office.red_flag_retire, name="red-flag-retire"),
    path("system/", office.system, name="system"),
    path("system/keys/", office.system_keys, name="system-keys"),
    path("system/close/", office.system_close, name="system-close"),
    path("hook/<str:token>/", hook.hook, name="hook"),
]
