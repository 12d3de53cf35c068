"""The wire formats and the paper forms, in pure Python: no Django, no database, no clock."""
