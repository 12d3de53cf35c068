"""The forms of signing in."""

from django import forms


class UnlockForm(forms.Form):
    """The person's own password, again."""

    password = forms.CharField(strip=False)
