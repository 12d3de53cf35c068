"""What coverage is decided by: days, ranks, clocks, and the reading of a payer's answer. Pure."""
