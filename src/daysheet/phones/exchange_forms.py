"""The form of a line that signs in at an exchange as a telephone of its own."""

import ssl
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.phones import commands, rules, signing_in
from daysheet.phones.forms import LONGEST_NAME
from daysheet.phones.models import PhoneLine
from daysheet.ui import forms as ui

ACCOUNT = RegexValidator(
    r"\A[A-Za-z0-9_.+*\-]+\Z", _("Letters, figures and . _ - + * only, as the exchange shows it.")
)
NAME = RegexValidator(r"\A[^\x00-\x1f\x7f]+\Z", _("As the exchange shows it, on one line."))


class ExchangeForm(ui.Form):
    """Where a line signs in, as whom, and how the exchange is believed."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("As the office says it, such as Front desk.")
    )
    exchange = forms.CharField(
        label=_("Exchange"),
        max_length=260,
        help_text=_("Its name or address, with a port if it is not the usual one: pbx.example.com"),
    )
    by = forms.ChoiceField(label=_("By"), choices=PhoneLine.Over.choices, initial=PhoneLine.Over.TLS)
    account = forms.CharField(
        label=_("Account"),
        max_length=60,
        validators=[ACCOUNT],
        help_text=_(
            "The extension or user that the exchange has for us. Let it ring together with the desk."
        ),
    )
    password = forms.CharField(
        label=_("Password"), max_length=200, required=False, validators=[NAME], strip=False
    )
    sign_in_name = forms.CharField(
        label=_("Sign-in name"),
        max_length=120,
        required=False,
        validators=[NAME],
        help_text=_("Where the exchange asks for another one than the account: authorization id."),
    )
    proxy = forms.CharField(
        label=_("Machine to connect to"),
        max_length=260,
        required=False,
        help_text=_("Where it is another than the exchange's name: outbound proxy."),
    )
    authority = forms.CharField(
        label=_("Certificate to believe"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea,
        help_text=_(
            "For an exchange with a certificate of its own: the text from BEGIN CERTIFICATE to END CERTIFICATE. "
            "Empty: those that this machine believes."
        ),
    )

    def __init__(self, *args: Any, line: PhoneLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_kept(line), **kwargs)
        self.fields["password"].required = not (line and line.password)
        if line and line.password:
            self.fields["password"].help_text = _("Empty: the one that is kept.")

    def clean_exchange(self) -> str:
        """Return the exchange as typed, when it can be one."""
        return _machine(self.cleaned_data["exchange"])

    def clean_proxy(self) -> str:
        """Return the machine as typed, when it can be one, or nothing."""
        return _machine(self.cleaned_data["proxy"]) if self.cleaned_data["proxy"] else ""

    def clean_authority(self) -> str:
        """Return the certificates; a key has no business here."""
        text: str = self.cleaned_data["authority"].strip()
        if "PRIVATE KEY" in text:
            raise ValidationError(now_("That holds a private key. Paste the certificate alone."))
        try:
            signing_in.trusted(text)
        except (ssl.SSLError, ValueError):
            raise ValidationError(
                now_("That is no certificate. Paste it whole, with its BEGIN and END lines.")
            ) from None
        return text

    def sign_in(self) -> commands.SignIn:
        """Return what the command takes."""
        said = self.cleaned_data
        return commands.SignIn(
            exchange=said["exchange"],
            by=said["by"],
            account=said["account"],
            password=said["password"],
            name=said["sign_in_name"],
            proxy=said["proxy"],
            authority=said["authority"],
        )


def _kept(line: PhoneLine | None) -> dict[str, Any]:
    if line is None:
        return {"by": PhoneLine.Over.TLS}
    port = f":{line.exchange_port}" if line.exchange_port else ""
    return {
        "name": line.name,
        "exchange": f"{line.exchange}{port}" if line.exchange else "",
        "by": line.exchange_by,
        "account": line.account,
        "sign_in_name": line.sign_in_name,
        "proxy": line.proxy,
        "authority": line.authority,
    }


def _machine(text: str) -> str:
    try:
        rules.host_and_port(text)
    except ValueError:
        raise ValidationError(
            now_("Write a name or an address, such as pbx.example.com or 192.168.1.10:5061.")
        ) from None
    return text.strip().lower()
