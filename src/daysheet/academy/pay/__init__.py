"""Pay: what the work earns, by place, setting and experience, read off published wage curves and nothing beyond them."""
