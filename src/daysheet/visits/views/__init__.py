"""The screens of visits: a patient's own, and what is asked at check-in."""
