"""The furniture: base page, components, answers to a form. It knows nothing of the office."""
