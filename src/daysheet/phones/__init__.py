"""The telephone: the call log, who is calling, call backs with their clocks, and what a telephone system reports."""
