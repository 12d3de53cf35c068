"""The screens of the book of time."""
