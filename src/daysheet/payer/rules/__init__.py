"""What the insurance company decides: prices, shares and faults, from values alone."""
