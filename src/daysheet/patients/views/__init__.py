"""The screens of patients."""
