"""The book of money: double entry, only ever added to; payments, receipts, drawers, days."""
