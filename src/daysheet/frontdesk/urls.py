"""The addresses of the desk."""

from django.urls import path

from daysheet.frontdesk.views import board, desk, eligibility, filling, handing, line, minors, packets, papers

app_name = "frontdesk"
urlpatterns = [
    path("", board.board, name="board"),
    path("list/", board.board_list, name="board-list"),
    path("unresolved/", board.unresolved, name="unresolved"),
    path("eligibility/", eligibility.needs, name="needs"),
    path("eligibility/aside/<uuid:appointment_id>/<slug:matter>/", eligibility.put_aside, name="put-aside"),
    path("eligibility/take-up/<uuid:not_now_id>/", eligibility.take_up, name="take-up"),
    path("eligibility/ask/<uuid:appointment_id>/", eligibility.ask_again, name="ask-again"),
    path("eligibility/day/", eligibility.ask_day, name="ask-day"),
    path("packets/", packets.kept, name="packets"),
    path("packets/<uuid:location_id>/make/", packets.make, name="packet-make"),
    path("wall/", line.wall, name="wall"),
    path("wall/list/", line.wall_list, name="wall-list"),
    path("line/", line.line, name="line"),
    path("line/list/", line.line_list, name="line-list"),
    path("line/next/<uuid:point_id>/", line.call_next, name="line-next"),
    path("line/<uuid:token_id>/call/<uuid:point_id>/", line.call_token, name="line-call"),
    path("line/<uuid:token_id>/again/", line.call_again, name="line-again"),
    path("line/<uuid:token_id>/not-here/", line.not_here, name="line-not-here"),
    path("line/<uuid:token_id>/back/", line.back_in_line, name="line-back"),
    path("line/<uuid:token_id>/car/", line.wait_in_car, name="line-car"),
    path("line/<uuid:token_id>/served/", line.end_call, name="line-served"),
    path("appointments/<uuid:appointment_id>/arrive/", board.arrive, name="arrive"),
    path("appointments/<uuid:appointment_id>/no-show/", board.no_show, name="no-show"),
    path("appointments/<uuid:appointment_id>/no-show/undo/", board.no_show_undo, name="no-show-undo"),
    path("walk-in/<uuid:patient_id>/", desk.walk_in, name="walk-in"),
    path("visits/<uuid:visit_id>/move/<slug:to>/", board.move_on, name="move-on"),
    path("visits/<uuid:visit_id>/back/", board.step_back, name="step-back"),
    path("visits/<uuid:visit_id>/room/", board.room, name="room"),
    path("visits/<uuid:visit_id>/left/", desk.left, name="left"),
    path("visits/<uuid:visit_id>/check-in/", desk.check_in, name="check-in"),
    path("visits/<uuid:visit_id>/check-in/bringing/", minors.bringing, name="bringing"),
    path("visits/<uuid:visit_id>/check-in/identity/", desk.identity, name="identity"),
    path("visits/<uuid:visit_id>/check-in/notice/", desk.notice, name="notice"),
    path("visits/<uuid:visit_id>/check-in/card/", papers.card, name="card"),
    path("visits/<uuid:visit_id>/check-in/photo-id/", papers.photo_id, name="photo-id"),
    path("visits/<uuid:visit_id>/licence/<uuid:document_id>/", papers.licence_beside, name="licence"),
    path("visits/<uuid:visit_id>/licence/<uuid:change_id>/undo/", papers.licence_undo, name="licence-undo"),
    path("visits/<uuid:visit_id>/check-out/walkout/", papers.walkout, name="walkout"),
    path("visits/<uuid:visit_id>/label/", handing.label, name="label"),
    path("visits/<uuid:visit_id>/encounter-form/", handing.encounter_form, name="encounter-form"),
    path("visits/<uuid:visit_id>/forms/<slug:key>/", filling.fill_form, name="fill-form"),
    path("visits/<uuid:visit_id>/check-in/plan/", desk.ask_plan, name="ask-plan"),
    path("visits/<uuid:visit_id>/check-out/", desk.check_out, name="check-out"),
    path("visits/<uuid:visit_id>/check-out/follow-up/", desk.follow_up, name="follow-up"),
    path("visits/<uuid:visit_id>/<slug:stage>/pay/", desk.copay, name="copay"),
    path(
        "visits/<uuid:visit_id>/<slug:stage>/pay/<uuid:payment_id>/undo/", desk.copay_undo, name="copay-undo"
    ),
    path("visits/<uuid:visit_id>/<slug:stage>/steps/<slug:kind>/", desk.step, name="step"),
]
