"""The screens of the telephone: the desk, one call, what the office decides, and the door of its telephone system."""
