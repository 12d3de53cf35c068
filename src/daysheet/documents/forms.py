"""What is filled in when a paper is filed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.documents.queries import KINDS
from daysheet.documents.rules import COMES_IN
from daysheet.ui import forms as ui


class FilingForm(ui.Form):
    """A scan or picture, what it is, and a few words."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, KINDS[kind]) for kind in COMES_IN])
    title = forms.CharField(label=_("In a few words"), required=False, max_length=200)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("PNG, JPEG or PDF, at most 8 MB. A phone's camera will do."),
    )
