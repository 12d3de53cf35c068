"""Coverage on screen: a patient's cards, what a plan said, the office's payers."""
