"""The screens of money: accounts, payments, statements, drawers."""
