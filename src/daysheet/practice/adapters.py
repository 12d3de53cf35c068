"""How allauth signs people in here: no self sign-up, secrets encrypted."""
