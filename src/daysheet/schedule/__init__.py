"""The book of time: visit types, hours, appointments, open slots."""
