"""What a person types in the mailroom."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from daysheet.mailroom import queries
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.ui import forms as ui
from daysheet.ui.words import phone as say_phone

LARGEST_FILE = 10 * 1024 * 1024


class FilterForm(ui.Form):
    """What narrows the list of envelopes."""

    number = forms.CharField(label=_("Number"), required=False, max_length=60)
    direction = forms.ChoiceField(label=_("Way"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    partner = forms.ChoiceField(label=_("Partner"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = [(str(one.pk), one.name) for one in queries.partners()]
        states = [*Envelope.State.choices, ("kept_here", _("Kept here"))]
        for name, choices in (
            ("direction", Envelope.Direction.choices),
            ("kind", [(kind, kind) for kind in queries.kinds()]),
            ("partner", partners),
            ("state", states),
        ):
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> queries.Wanted:
        """Return the filters; one that is not understood filters nothing."""
        if not self.is_valid():
            return queries.Wanted()
        data = self.cleaned_data
        partner = data["partner"]
        return queries.Wanted(
            number=data["number"],
            direction=data["direction"],
            kind=data["kind"],
            state=data["state"],
            partner_id=UUID(partner) if partner else None,
        )


class LookForm(ui.Form):
    """A file that somebody wants to read."""

    file = forms.FileField(label=_("File"), help_text=_("X12 as the partner gave it, 10 MB at most."))

    def clean_file(self) -> Any:
        """Refuse what is empty or too large to be read in one piece."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is over 10 MB. Put it into the partner's folder instead."))
        return file


class UploadForm(LookForm):
    """A file that came by another way: a download from a portal, a disk."""

    partner = forms.ChoiceField(label=_("From"))
    field_order = ("partner", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.name)
            for one in queries.partners().exclude(transport=TradingPartner.Transport.SMTP)
        ]


class PartnerForm(ui.Form):
    """A clearinghouse or payer, and how envelopes go there."""

    name = forms.CharField(label=_("Name"), max_length=80)
    transport = forms.ChoiceField(
        label=_("How it goes"),
        choices=[
            (TradingPartner.Transport.FOLDER, _("A folder that another program sends")),
            (TradingPartner.Transport.NONE, _("Kept here, sent by hand")),
        ],
    )
    folder = forms.CharField(
        label=_("Folder name"),
        max_length=60,
        required=False,
        help_text=_("Plain name; it lies in the mail folder of this office, with out/ and in/ in it."),
    )
    our_id = forms.CharField(label=_("Our id"), max_length=15, help_text=_("ISA06, as they gave it to us."))
    their_id = forms.CharField(label=_("Their id"), max_length=15, help_text=_("ISA08."))
    usage = forms.ChoiceField(label=_("Use"), choices=[("T", _("Test")), ("P", _("Production"))])


class PartnerChangeForm(PartnerForm):
    """What is corrected of a partner; how it goes stays, for its envelopes went that way."""

    transport = None  # type: ignore[assignment]


class ReplyForm(ui.Form):
    """What somebody answers from the test telephone."""

    number = forms.ChoiceField(label=_("From"))
    text = forms.CharField(label=_("Answer"), max_length=480, help_text=_("1, 2, 3, STOP, or anything else."))

    def __init__(self, *args: Any, numbers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["number"].choices = [(one, _said(one)) for one in numbers]

    def sender(self) -> dict[str, str]:
        """Return by which channel and from which number it comes."""
        channel, _colon, number = self.cleaned_data["number"].partition(":")
        return {"channel": channel, "sender": number}


def _said(number: str) -> str:
    channel, _colon, digits = number.partition(":")
    way = _("text") if channel == "sms" else _("call")
    return f"{say_phone(digits)}, {way}"
