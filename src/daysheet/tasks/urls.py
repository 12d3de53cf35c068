"""The addresses of My work."""

from django.urls import path

from daysheet.tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.my_work, name="my-work"),
    path("new/", views.item_new, name="item-new"),
    path("patient/<uuid:patient_id>/", views.patient_panel, name="patient-panel"),
    path("<uuid:item_id>/", views.item, name="item"),
    path("<uuid:item_id>/take/", views.item_take, name="item-take"),
    path("<uuid:item_id>/snooze/", views.item_snooze, name="item-snooze"),
    path("<uuid:item_id>/wake/", views.item_wake, name="item-wake"),
    path("<uuid:item_id>/hand-over/", views.item_hand_over, name="item-hand-over"),
    path("<uuid:item_id>/hand-back/", views.item_hand_back, name="item-hand-back"),
    path("<uuid:item_id>/wait/", views.item_wait, name="item-wait"),
    path("<uuid:item_id>/close/", views.item_close, name="item-close"),
]
