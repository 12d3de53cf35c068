"""What a newcomer types about herself; everything travels in the address or a file, nothing is kept by us."""
