"""Payers, plans, a patient's coverages, and what the payer says of them (270/271)."""
