"""Addresses of the insurance desk."""

from django.urls import path

from daysheet.payer import views

app_name = "payer"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("claims/<uuid:received_claim_id>/", views.claim, name="claim"),
    path("payments/", views.payments, name="payments"),
    path("payments/make/", views.payments_make, name="payments-make"),
    path("questions/", views.questions, name="questions"),
    path("members/", views.members, name="members"),
    path("members/add/", views.member_add, name="member-add"),
    path("members/<uuid:member_id>/fault/", views.member_fault, name="member-fault"),
]
