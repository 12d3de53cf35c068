"""Tags for the few Django templates: the second-factor pages of allauth."""
