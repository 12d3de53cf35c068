"""The addresses of money."""

from django.urls import path

from daysheet.ledger.views import accounts, desk, payments

app_name = "ledger"
urlpatterns = [
    path("of/<uuid:patient_id>/", accounts.account, name="account"),
    path("of/<uuid:patient_id>/panel/", accounts.patient_panel, name="patient-panel"),
    path("of/<uuid:patient_id>/take/", payments.payment_take, name="payment-take"),
    path("of/<uuid:patient_id>/refund/", accounts.refund, name="refund"),
    path("of/<uuid:patient_id>/write-off/", accounts.write_off, name="write-off"),
    path("of/<uuid:patient_id>/statement/", desk.statement_make, name="statement-make"),
    path("entries/<uuid:entry_id>/reverse/", accounts.entry_reverse, name="entry-reverse"),
    path("receipts/<uuid:payment_id>/", payments.receipt, name="receipt"),
    path("receipts/<uuid:payment_id>/print/", payments.receipt_print, name="receipt-print"),
    path("receipts/<uuid:payment_id>/undo/", payments.payment_undo, name="payment-undo"),
    path("receipts/<uuid:payment_id>/void/", payments.payment_void, name="payment-void"),
    path("receipts/<uuid:payment_id>/returned/", payments.check_returned, name="check-returned"),
    path("statements/", desk.statements, name="statements"),
    path("drawer/", desk.drawer, name="drawer"),
    path("drawer/<uuid:drawer_id>/count/", desk.drawer_count, name="drawer-count"),
]
