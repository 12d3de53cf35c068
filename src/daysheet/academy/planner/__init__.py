"""The planner: one's own path through the five steps, what it costs, when it has paid for itself, which exam is open."""
