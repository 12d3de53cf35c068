"""What is typed about a patient: the search, the chart's front sheet, and what a caller says."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.patients.asking import Kind, terms
from daysheet.patients.models import Patient
from daysheet.patients.rules import LONGEST_NAME, ContactFact, GuarantorFact, PhoneFact
from daysheet.practice import queries as practice
from daysheet.ui import forms as ui

LANGUAGES = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("fr", _("French")),
    ("ht", _("Haitian Creole")),
    ("ko", _("Korean")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("so", _("Somali")),
    ("tl", _("Tagalog")),
    ("vi", _("Vietnamese")),
    ("ase", _("American Sign Language")),
    ("und", _("Another language")),
]
PHONE_KINDS = [("mobile", _("Mobile")), ("home", _("Home")), ("work", _("Work")), ("other", _("Other"))]
REASONS = [
    ("", _("Choose a reason")),
    ("Different person, seen ID", _("Different person, seen ID")),
    ("Twin or other relative", _("Twin or other relative")),
    ("Parent and child of one name", _("Parent and child of one name")),
    ("Patient says so on the phone", _("Patient says so on the phone")),
]
NAMED: dict[str, Any] = {"max_length": LONGEST_NAME * 3}
"""More than may be kept: a name that is too long is refused in a sentence, never cut off unseen."""
WHO = ("family", "given", "middle", "suffix", "preferred", "former_family", "born_on", "sex", "pronouns")
REACH = ("email", "street", "street2", "city", "state", "zip", "language", "needs_interpreter")


class PatientForm(ui.Form):
    """The front sheet of a chart."""

    family = forms.CharField(label=_("Family name"), **NAMED)
    given = forms.CharField(label=_("Given name"), **NAMED)
    middle = forms.CharField(label=_("Middle name"), required=False, **NAMED)
    suffix = forms.CharField(label=_("Suffix"), required=False, help_text=_("Such as Jr or III"), **NAMED)
    preferred = forms.CharField(
        label=_("Called"), required=False, help_text=_("The name to use when speaking"), **NAMED
    )
    former_family = forms.CharField(label=_("Former family name"), required=False, **NAMED)
    born_on = ui.BirthDateField(label=_("Birth date"))
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[("U", _("Not known")), ("F", _("Female")), ("M", _("Male"))],
        help_text=_("As the plan has it"),
    )
    pronouns = forms.CharField(label=_("Pronouns"), required=False, max_length=60)
    phone = ui.PhoneField(label=_("Phone"), required=False)
    phone_kind = forms.ChoiceField(label=_("Kind of phone"), choices=PHONE_KINDS, required=False)
    phone_may_text = forms.BooleanField(label=_("May text this phone"), required=False)
    phone_may_leave_message = forms.BooleanField(label=_("May leave a message here"), required=False)
    phone2 = ui.PhoneField(label=_("Second phone"), required=False)
    phone2_kind = forms.ChoiceField(label=_("Kind of second phone"), choices=PHONE_KINDS, required=False)
    phone2_may_text = forms.BooleanField(label=_("May text the second phone"), required=False)
    phone2_may_leave_message = forms.BooleanField(label=_("May leave a message there"), required=False)
    email = forms.CharField(label=_("E-mail"), required=False, max_length=300)
    street = forms.CharField(label=_("Street"), required=False, max_length=300)
    street2 = forms.CharField(label=_("Apartment, unit"), required=False, max_length=300)
    city = forms.CharField(label=_("City"), required=False, max_length=300)
    state = forms.CharField(label=_("State"), required=False, max_length=60)
    zip = forms.CharField(label=_("ZIP code"), required=False, max_length=20)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    contact_name = forms.CharField(label=_("Contact's name"), required=False, **NAMED)
    contact_relationship = forms.CharField(label=_("Relationship"), required=False, max_length=100)
    contact_phone = ui.PhoneField(label=_("Contact's phone"), required=False)
    contact_may_hear = forms.BooleanField(label=_("May be told about visits and care"), required=False)
    guarantor_name = forms.CharField(
        label=_("Who pays, when not the patient"),
        required=False,
        help_text=_("Guarantor: a parent, a spouse"),
        **NAMED,
    )
    guarantor_relationship = forms.CharField(
        label=_("Guarantor's relationship"), required=False, max_length=100
    )
    guarantor_street = forms.CharField(label=_("Guarantor's street"), required=False, max_length=300)
    guarantor_city = forms.CharField(label=_("Guarantor's city"), required=False, max_length=300)
    guarantor_state = forms.CharField(label=_("Guarantor's state"), required=False, max_length=60)
    guarantor_zip = forms.CharField(label=_("Guarantor's ZIP code"), required=False, max_length=20)
    guarantor_phone = ui.PhoneField(label=_("Guarantor's phone"), required=False)
    usual_provider_id = forms.ChoiceField(label=_("Usual clinician"), required=False)
    note = forms.CharField(
        label=_("Note for the desk"), required=False, widget=forms.Textarea, max_length=300
    )
    different_because = forms.ChoiceField(label=_("None of these, because"), choices=REASONS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["usual_provider_id"]
        chosen.choices = [("", _("None yet")), *[(str(one.pk), str(one)) for one in practice.providers()]]

    def facts(self) -> dict[str, Any]:
        """Return what was typed as the commands want it."""
        said = self.cleaned_data
        facts = {name: said[name] for name in (*WHO, *REACH, "note")}
        facts["phones"] = [
            PhoneFact(
                said[name],
                said[f"{name}_kind"] or "mobile",
                said[f"{name}_may_text"],
                said[f"{name}_may_leave_message"],
            )
            for name in ("phone", "phone2")
            if said[name]
        ]
        facts["contact"] = ContactFact(
            said["contact_name"],
            said["contact_relationship"],
            said["contact_phone"],
            may_hear=said["contact_may_hear"],
        )
        facts["usual_provider_id"] = UUID(said["usual_provider_id"]) if said["usual_provider_id"] else None
        parts = ("name", "relationship", "street", "city", "state", "zip", "phone")
        payer = GuarantorFact(**{part: said[f"guarantor_{part}"] for part in parts})
        facts["guarantor"] = payer if payer.name else None
        return facts

    def compared(self) -> dict[str, Any] | None:
        """Return what is enough to look for the same person, or None while the names are missing."""
        said = self.cleaned_data
        if not (said.get("family") and said.get("given")):
            return None
        more = ("middle", "suffix", "preferred", "former_family", "sex", "email", "street", "zip")
        phones = [PhoneFact(said[name]) for name in ("phone", "phone2") if said.get(name)]
        facts = {name: said.get(name) or "" for name in more}
        return {
            "family": said["family"],
            "given": said["given"],
            "born_on": said.get("born_on"),
            "phones": phones,
            **facts,
        }


def carried(text: str, *, today: Any) -> dict[str, Any]:
    """Return what was typed into the search as the beginning of a front sheet."""
    start: dict[str, Any] = {}
    spoken = [term.text for term in terms(text, today=today) if term.kind is Kind.WORD]
    order = ("family", "given") if "," in text else ("given", "family")
    names = [word.capitalize() for word in spoken]
    if len(names) == 1:
        start["family"] = names[0]
    elif names:
        last = names.pop() if order[0] == "given" else names.pop(0)
        start |= {"family": last, "given": " ".join(names)}
    for term in terms(text, today=today):
        if term.kind is Kind.BORN and len(term.days) == 1:
            start["born_on"] = term.days[0]
        if term.kind is Kind.DIGITS and len(term.text) == 10:
            start["phone"] = f"+1{term.text}"
    return start


def kept_draft(fields: dict[str, list[str]]) -> dict[str, Any]:
    """Return a kept draft as the beginning of a front sheet; the birth date in its three boxes."""
    start: dict[str, Any] = {name: values[0] for name, values in fields.items() if values}
    start["born_on"] = [start.get(f"born_on_{place}", "") for place in range(3)]
    return start


def standing(patient: Patient) -> dict[str, Any]:
    """Return what stands in the chart, as the form shows it."""
    start: dict[str, Any] = {name: getattr(patient, name) for name in (*WHO, *REACH, "note")}
    for name, phone in zip(("phone", "phone2"), patient.phones.all(), strict=False):
        start |= {
            name: phone.number,
            f"{name}_kind": phone.kind,
            f"{name}_may_text": phone.may_text,
            f"{name}_may_leave_message": phone.may_leave_message,
        }
    for contact in list(patient.contacts.all())[:1]:
        start |= {
            "contact_name": contact.name,
            "contact_relationship": contact.relationship,
            "contact_phone": contact.phone,
            "contact_may_hear": contact.may_hear,
        }
    payer = getattr(patient, "guarantor", None)
    if payer and not payer.is_self:
        parts = ("name", "relationship", "street", "city", "state", "zip", "phone")
        start |= {f"guarantor_{part}": getattr(payer, part) for part in parts}
    return start | {"usual_provider_id": str(patient.usual_provider_id or "")}


class CallerForm(ui.Form):
    """Two or more things by which a caller says who is meant, typed as heard."""

    name = forms.CharField(label=_("Name"), required=False, **NAMED)
    born_on = ui.BirthDateField(label=_("Birth date"), required=False)
    phone = ui.PhoneField(label=_("Phone"), required=False)
    address = forms.CharField(
        label=_("Address"), required=False, help_text=_("Street with number"), max_length=300
    )

    def clean(self) -> dict[str, Any]:
        """Ask for at least two."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and len([one for one in said.values() if one]) < 2:
            raise forms.ValidationError(
                _("Type two of them as the caller says them: one alone proves nothing.")
            )
        return said


class StatusForm(ui.Form):
    """Whether the office still cares for the patient."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[
            ("active", _("Active")),
            ("prospective", _("Prospective")),
            ("inactive", _("Inactive")),
            ("deceased", _("Deceased")),
        ],
    )
    deceased_on = ui.DayField(label=_("Day of death"), required=False, back=True)
