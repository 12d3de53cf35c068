"""Fees, diagnoses, charges and the rules that look at them before a claim is made."""
