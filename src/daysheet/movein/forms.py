"""What a person says of a file: what it is, which column tells what, what its words mean."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from daysheet.movein import maps
from daysheet.movein.models import OldFile
from daysheet.movein.rules.fields import KINDS
from daysheet.movein.rules.sheets import LARGEST
from daysheet.movein.wording import FIELD_WORDS, kind_choices
from daysheet.ui import forms as ui

Choices = list[tuple[str, str]]


class BringForm(ui.Form):
    """A file of the old system."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX, up to 64 MB. Its first row names the columns.")
    )
    system = forms.CharField(
        label=_("What the old system is called"),
        max_length=80,
        help_text=_("Its numbers are known by this name: write the same one for every file of it."),
    )
    kind = forms.ChoiceField(label=_("What the file holds"), required=False)
    map_name = forms.ChoiceField(label=_("Map of the columns"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "kind", [("", now_("Look at the columns and tell me")), *kind_choices()])
        names = dict.fromkeys(one.name for one in (*maps.kept(), *maps.shipped()))
        _offer(
            self,
            "map_name",
            [("", now_("Take the one that fits, else guess")), *((name, name) for name in names)],
        )

    def clean_file(self) -> Any:
        """Return the file, unless it is larger than can be read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(now_("The file is larger than 64 MB. Export it in parts."))
        return file


class ColumnsForm(ui.Form):
    """Which column tells each field of a kind."""

    def __init__(self, *args: Any, file: OldFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [("", now_("no column")), *((name, _sampled(name, file)) for name in file.columns)]
        self.kind = KINDS[file.kind]
        needed = {key for group in self.kind.needs if len(group) == 1 for key in group}
        for key in self.kind.fields:
            field = forms.ChoiceField(
                label=str(FIELD_WORDS[key]),
                choices=shown,
                required=key in needed,
                initial=file.mapped.get(key, ""),
            )
            field.error_messages["required"] = now_("Choose the column that tells it.")
            self.fields[key] = field
        self.fields["day_first"] = forms.ChoiceField(
            label=now_("How days are written"),
            choices=[("", now_("Month first: 3/14/1962")), ("1", now_("Day first: 14/3/1962"))],
            required=False,
            initial="1" if file.day_first else "",
        )
        self.fields["keep_as"] = forms.CharField(
            label=now_("Keep these columns as a map called"),
            required=False,
            max_length=80,
            initial=file.map_name,
        )

    def columns(self) -> dict[str, str]:
        """Return which column tells each field."""
        return {key: self.cleaned_data[key] for key in self.kind.fields if self.cleaned_data.get(key)}


class KindForm(ui.Form):
    """That a file holds something else."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=kind_choices)


class DecideForm(ui.Form):
    """What becomes of those who may be here, and what the old system's words mean."""

    alike = forms.ChoiceField(
        label=_("Who may have a chart already"), choices=OldFile.Alike.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, file: OldFile, ours: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file = file
        self.said: dict[str, tuple[str, str]] = {}
        self.fields["alike"].initial = file.alike
        if not file.found.get("twins"):
            self.fields["alike"].required = False
            self.fields["alike"].widget = forms.HiddenInput()
        for key, words in file.found.get("strange", {}).items():
            for place, (said, count) in enumerate(words.items()):
                name = f"{key}-{place}"
                self.said[name] = (key, said)
                self.fields[name] = forms.ChoiceField(
                    label=now_("%(field)s: %(said)s") % {"field": FIELD_WORDS[key], "said": said},
                    help_text=ngettext("In %(n)d row.", "In %(n)d rows.", count) % {"n": count},
                    choices=[("", now_("not said")), *ours.get(key, [])],
                    required=False,
                    initial=file.meanings.get(key, {}).get(said, ""),
                )

    def rows(self) -> dict[int, str]:
        """Return what was said of single rows; an empty answer goes by that for all."""
        held = {str(one[0]) for one in self.file.found.get("twins", [])}
        told = {
            name.removeprefix("row-"): said for name, said in self.data.items() if name.startswith("row-")
        }
        return {int(row): said for row, said in told.items() if row in held}

    def meanings(self, before: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        """Return what the words mean, with those that were said before."""
        told = {key: dict(one) for key, one in before.items()}
        for name, (key, said) in self.said.items():
            meant = self.cleaned_data.get(name, "")
            if meant:
                told.setdefault(key, {})[said] = meant
        return told


def _sampled(name: str, file: OldFile) -> str:
    samples = file.samples[file.columns.index(name)] if name in file.columns else []
    seen = ", ".join(filter(None, dict.fromkeys(samples)))[:40]
    return f"{name} ({seen})" if seen else name


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
