"""What a letter wants to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.letters.rules import templates
from daysheet.ui import forms as ui


class LetterForm(ui.Form):
    """A letter of the list, and the facts it cannot know."""

    template = forms.ChoiceField(label=_("Letter"))
    day = forms.CharField(
        label=_("Day of the visit"), required=False, max_length=60, help_text=_("As it shall be read")
    )
    began = forms.CharField(
        label=_("From"), required=False, max_length=60, help_text=_("Such as 9:00 am or Mar 9")
    )
    ended = forms.CharField(label=_("To"), required=False, max_length=60)
    note = forms.CharField(
        label=_("One more sentence"), required=False, max_length=1000, widget=forms.Textarea
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["template"]
        chosen.choices = [(key, _(one.title)) for key, one in templates().items()]

    def facts(self) -> dict[str, str]:
        """Return what was typed under the letter's own names."""
        said = self.cleaned_data
        return {"day": said["day"], "from": said["began"], "to": said["ended"], "note": said["note"]}
