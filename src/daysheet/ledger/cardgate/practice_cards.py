"""The cards of the card company within the house: names with a fate."""

CARDS = {
    "test_visa": ("Visa", "4242", "12/2030", ""),
    "test_mastercard": ("Mastercard", "4444", "11/2029", ""),
    "test_declined": ("Visa", "0002", "12/2030", "The card was declined."),
    "test_expired": ("Visa", "0069", "01/2020", "The card has expired."),
    "test_insufficient": ("Visa", "9995", "12/2030", "There is not enough money on the card."),
    "test_lost_answer": ("Visa", "3184", "12/2030", ""),
}
"""Token: brand, last four digits, expiry, and what the company says against it."""
CODES = {
    "test_declined": "generic_decline",
    "test_expired": "expired_card",
    "test_insufficient": "insufficient_funds",
}
"""The short word of each card that is declined."""
LOSES_ANSWERS = "test_lost_answer"
RED_BUTTON = "red_button"
"""What the practice terminal is shown when the patient presses cancel on it."""
