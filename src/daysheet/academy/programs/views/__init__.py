"""The screens of the programs: find and compare; what it costs."""
