"""The office itself: locations, rooms, clinicians, staff and their sign-in, roles, hours."""
