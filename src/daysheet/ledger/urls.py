"""The addresses of money."""

from django.urls import path

from daysheet.ledger.views import accounts, bank, cards, desk, drawers, payments, protected

app_name = "ledger"
urlpatterns = [
    path("of/<uuid:patient_id>/", accounts.account, name="account"),
    path("of/<uuid:patient_id>/panel/", accounts.patient_panel, name="patient-panel"),
    path("of/<uuid:patient_id>/take/", payments.payment_take, name="payment-take"),
    path("of/<uuid:patient_id>/split/", payments.payment_split, name="payment-split"),
    path("of/<uuid:patient_id>/checks/", accounts.checks_set, name="checks-set"),
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
    path("protected/", protected.protected, name="protected"),
    path("protected/<uuid:lifted_id>/end/", protected.asking_end, name="asking-end"),
    path("of/<uuid:patient_id>/ask-anyway/", protected.ask_anyway, name="ask-anyway"),
    path("drawer/", drawers.drawer, name="drawer"),
    path("drawer/rules/", drawers.desk_rules, name="desk-rules"),
    path("drawer/<uuid:drawer_id>/", drawers.drawer_page, name="drawer-page"),
    path("drawer/<uuid:drawer_id>/count/", drawers.drawer_count, name="drawer-count"),
    path("drawer/<uuid:drawer_id>/drop/", drawers.drawer_drop, name="drawer-drop"),
    path("drawer/<uuid:drawer_id>/pay-in/", drawers.drawer_pay_in, name="drawer-pay-in"),
    path("drawer/<uuid:drawer_id>/close/", drawers.drawer_close, name="drawer-close"),
    path("drawer/<uuid:drawer_id>/approve/", drawers.drawer_approve, name="drawer-approve"),
    path("drawer/<uuid:drawer_id>/reopen/", drawers.drawer_reopen, name="drawer-reopen"),
    path("deposits/", bank.deposits, name="deposits"),
    path("deposits/<uuid:deposit_id>/", bank.deposit, name="deposit"),
    path("deposits/<uuid:deposit_id>/print/", bank.deposit_print, name="deposit-print"),
    path("deposits/<uuid:deposit_id>/settle/", bank.deposit_settle, name="deposit-settle"),
    path("deposits/<uuid:deposit_id>/void/", bank.deposit_void, name="deposit-void"),
    path("of/<uuid:patient_id>/card/", cards.card_take, name="card-take"),
    path("cards/", cards.cards, name="cards"),
    path("cards/company/", cards.card_door, name="card-door"),
    path("cards/kept/<uuid:saved_card_id>/remove/", cards.card_remove, name="card-remove"),
    path("cards/<uuid:charge_id>/", cards.card, name="card"),
    path("cards/<uuid:charge_id>/capture/", cards.card_capture, name="card-capture"),
    path("cards/<uuid:charge_id>/release/", cards.card_release, name="card-release"),
    path("cards/<uuid:charge_id>/return/", cards.card_return, name="card-return"),
]
