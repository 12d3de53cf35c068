"""The patients' own door: pages that a signed link opens, without a sign-in."""
