"""The addresses of the patients' own door; those in messages are short. What the desk watches stands below `desk/`."""

from django.urls import path

from daysheet.portal.views import asking, here, kiosks, links, offered, phone, practice_card, wall, watching

app_name = "portal"
urlpatterns = [
    path("here/", here.start, name="here"),
    path("here/language/", here.language, name="here-language"),
    path("here/ask/", here.ask, name="here-ask"),
    path("here/again/", here.again, name="here-again"),
    path("here/keep/", here.keep, name="here-keep"),
    path("here/state/", here.state, name="here-state"),
    path("here/wait/", here.wait, name="here-wait"),
    path("here/end/", here.end, name="here-end"),
    path("here/wall/", wall.wall, name="wall"),
    path("here/wall/list/", wall.wall_list, name="wall-list"),
    path("here/leave/", kiosks.leave, name="kiosk-leave"),
    path("here/<int:number>/", here.step, name="here-step"),
    path("kiosks/", kiosks.kiosks, name="kiosks"),
    path("kiosks/open/", kiosks.open_here, name="kiosk-open"),
    path("kiosks/<uuid:kiosk_id>/close/", kiosks.close, name="kiosk-close"),
    path("desk/visits/<uuid:visit_id>/offer/", watching.offer_visit, name="offer-visit"),
    path(
        "desk/appointments/<uuid:appointment_id>/offer/", watching.offer_appointment, name="offer-appointment"
    ),
    path("desk/appointments/<uuid:appointment_id>/link/", watching.send_link, name="send-link"),
    path("desk/visits/<uuid:visit_id>/link/", watching.send_visit_link, name="send-visit-link"),
    path("desk/visits/<uuid:visit_id>/link/show/", watching.show_link, name="show-link"),
    path("desk/<uuid:self_check_in_id>/link/back/", watching.link_back, name="link-back"),
    path("desk/<uuid:self_check_in_id>/", watching.watch, name="watch"),
    path("desk/<uuid:self_check_in_id>/act/", watching.act, name="watch-act"),
    path("desk/<uuid:self_check_in_id>/changes/", watching.changes, name="watch-changes"),
    path("practice-card/<str:token>/", practice_card.practice_card, name="practice-card"),
    path("<str:token>/visit/", asking.ask_visit, name="ask-visit"),
    path("<str:token>/time/", offered.offered_time, name="offered"),
    path("<str:token>/check-in/", phone.come_in, name="phone"),
    path("<str:token>/", links.answer, name="answer"),
]
