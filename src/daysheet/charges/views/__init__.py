"""Screens of charges: the slip, fees, estimates."""
