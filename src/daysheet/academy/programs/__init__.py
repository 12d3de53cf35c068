"""Programs: which schools train for the job, how far they are, what they charge, and what the figures do not say."""
