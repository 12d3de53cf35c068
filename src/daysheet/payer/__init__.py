"""The insurance company: a desk of its own, and the twin that answers an office's mail."""
