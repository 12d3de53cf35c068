"""What a person types at the telephone, and what the manager decides about it."""

from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can, roles
from daysheet.phones import queries, rules
from daysheet.phones.commands import Told
from daysheet.phones.models import Call, CallReason, PhoneFlag, PhoneLine, RedFlag
from daysheet.practice import queries as practice
from daysheet.ui import forms as ui

LONGEST_NOTE = 4000
LONGEST_NAME = 120
TIMES = ["%H:%M", "%I:%M %p", "%I %p", "%I:%M%p", "%I%p"]
WAITS = [
    ("", _("As the reason says")),
    ("15", _("15 minutes")),
    ("30", _("30 minutes")),
    ("60", _("1 hour")),
    ("120", _("2 hours")),
    ("240", _("4 hours")),
    ("1440", _("tomorrow at this time")),
]
RELATIONS = [
    ("", _("Not asked yet")),
    ("self", _("The patient")),
    ("parent", _("Parent or guardian")),
    ("spouse", _("Spouse or partner")),
    ("child", _("Grown child")),
    ("other", _("Somebody else")),
    ("office", _("Another office, pharmacy or plan")),
]
ENDINGS = {
    "answered": _("Question answered"),
    "booked": _("Visit booked or moved"),
    "message": _("Message taken"),
    "call_back": _("We call back"),
    "passed": _("Passed on"),
    "emergency": _("Told to call for help at once"),
    "left_voicemail": _("We left a voicemail"),
    "wrong_number": _("Wrong number"),
    "nuisance": _("Nuisance call"),
}
CALL_BACK_ENDINGS = {
    "reached": _("Called back, reached"),
    "missed": _("Nobody answered: try again in an hour"),
    "left_voicemail": _("We left a voicemail, nothing more to do"),
    "not_reached": _("Could not be reached: give up"),
    "emergency": _("Told to call for help at once"),
    "wrong_number": _("Wrong number"),
}


class NewCallForm(ui.Form):
    """A call typed by hand: the least that is known when the telephone is at the ear."""

    number = forms.CharField(label=_("Number"), required=False, max_length=rules.LONGEST_NUMBER)
    caller_name = forms.CharField(label=_("Who calls"), required=False, max_length=LONGEST_NAME)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea)
    direction = forms.ChoiceField(
        label=_("Which way"),
        choices=[(Call.Direction.IN, _("They call us")), (Call.Direction.OUT, _("We call them"))],
        initial=Call.Direction.IN,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "reason", reason_choices())

    def facts(self) -> dict[str, Any]:
        """Return the call as the command takes it."""
        said = self.cleaned_data
        return {
            "dialed": said["number"],
            "caller_name": said["caller_name"],
            "note": said["note"],
            "direction": said["direction"],
            "reason_id": UUID(said["reason"]) if said["reason"] else None,
        }


class HoldForm(ui.Form):
    """Why a caller is on hold."""

    note = forms.CharField(required=False, max_length=200)


class TalkForm(ui.Form):
    """What is written down while the caller speaks, and how the call ends."""

    reason = forms.ChoiceField(label=_("Reason"), required=False)
    caller_name = forms.CharField(label=_("Who calls"), required=False, max_length=LONGEST_NAME)
    relation = forms.ChoiceField(label=_("Relation to the patient"), choices=RELATIONS, required=False)
    note = forms.CharField(
        label=_("What was said"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea
    )
    back_to = ui.PhoneField(label=_("Number to call back"), required=False, max_length=rules.LONGEST_NUMBER)
    outcome = forms.ChoiceField(
        label=_("How it ends"), error_messages={"required": _("Choose how the call ends.")}
    )
    within = forms.ChoiceField(label=_("Call back within"), choices=WAITS, required=False)
    to = forms.ChoiceField(label=_("Passed on to"), required=False)
    to_name = forms.CharField(label=_("Who outside"), required=False, max_length=LONGEST_NAME)

    def __init__(self, *args: Any, call: Call, me: UUID | None = None, **kwargs: Any) -> None:
        start = {
            "reason": str(call.reason_id or ""),
            "caller_name": call.caller_name,
            "relation": call.relation,
            "note": call.note,
            "back_to": call.back_to,
        }
        super().__init__(*args, initial=start, **kwargs)
        _offer(self, "reason", reason_choices(call.reason))
        self.fields["outcome"].required = "keep" not in self.data
        endings = CALL_BACK_ENDINGS if call.state == Call.State.WAITING else ENDINGS
        _offer(self, "outcome", [("", now_("Choose")), *endings.items()])
        colleagues = [(str(one.pk), one.display_name) for one in queries.callers() if one.user_id != me]
        _offer(self, "to", [("", now_("Somebody outside, below")), *colleagues])

    def told(self) -> Told:
        """Return what was written down."""
        said = self.cleaned_data
        return Told(
            reason_id=UUID(said["reason"]) if said["reason"] else None,
            caller_name=said["caller_name"],
            relation=said["relation"],
            note=said["note"],
            back_to=said["back_to"],
        )


class WhoForm(ui.Form):
    """Two or more things by which a caller says who is meant, typed as heard."""

    name = forms.CharField(label=_("Name"), required=False, max_length=LONGEST_NAME)
    born_on = ui.BirthDateField(label=_("Birth date"), required=False)
    phone = ui.PhoneField(label=_("Phone on file"), required=False, max_length=rules.LONGEST_NUMBER)
    address = forms.CharField(
        label=_("Address"), required=False, max_length=300, help_text=_("Street with number")
    )

    def clean(self) -> dict[str, Any]:
        """Ask for at least two."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and len([one for one in said.values() if one]) < 2:
            raise forms.ValidationError(
                now_("Type two of them as the caller says them: one alone proves nothing.")
            )
        return said


class AgainForm(ui.Form):
    """Why a caller whose answers did not match is compared again."""

    because = forms.CharField(label=_("Compare again, because"), required=False, max_length=300)


class MessageForm(ui.Form):
    """A message to a colleague, or to whoever has a role."""

    for_whom = forms.ChoiceField(label=_("For"))
    text = forms.CharField(label=_("Message"), max_length=1000, widget=forms.Textarea)

    def __init__(self, *args: Any, role: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial={"for_whom": f"role:{role}" if role else ""}, **kwargs)
        workers = [
            (f"role:{key}", one.name)
            for key, one in roles().items()
            if Can.WORK_TASKS in one.may
            and Can.SEE_PATIENTS in one.may
            and key not in ("system", "billing_clerk")
        ]
        people = [(f"member:{one.pk}", one.display_name) for one in practice.members()]
        _offer(
            self,
            "for_whom",
            [("", now_("Choose")), (now_("Whoever is"), workers), (now_("One person"), people)],
        )

    def facts(self) -> dict[str, Any]:
        """Return the message as the command takes it."""
        kind, _colon, key = self.cleaned_data["for_whom"].partition(":")
        text = self.cleaned_data["text"]
        return {"text": text, "role": key} if kind == "role" else {"text": text, "member_id": UUID(key)}


class LogForm(ui.Form):
    """What the call log is narrowed by."""

    first = ui.DayField(label=_("From"), required=False, back=True)
    last = ui.DayField(label=_("Until"), required=False, back=True)
    state = forms.ChoiceField(label=_("What came of it"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    who = forms.ChoiceField(label=_("Taken by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(key, words) for key, words in Call.State.choices if key != Call.State.DONE]
        _offer(self, "state", [("", now_("Anything")), *states, *rules.OUTCOMES.items()])
        _offer(self, "reason", [("", now_("Any")), *reason_choices()[1:]])
        takers = [(str(one.pk), one.display_name) for one in queries.callers()]
        _offer(self, "who", [("", now_("Anybody")), *takers])

    def filters(self) -> queries.Filters:
        """Return what was chosen; what cannot be read narrows nothing."""
        said = getattr(self, "cleaned_data", {})
        return queries.Filters(
            said.get("first"),
            said.get("last"),
            said.get("state") or "",
            UUID(said["reason"]) if said.get("reason") else None,
            UUID(said["who"]) if said.get("who") else None,
        )


class ReasonForm(ui.Form):
    """A reason to call: what to ask, whose it is, how soon to call back, what is next."""

    words = forms.CharField(label=_("Reason"), max_length=LONGEST_NAME)
    ask = forms.CharField(
        label=_("What to ask"),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("One question a line."),
    )
    door = forms.ChoiceField(
        label=_("Where it is dealt with"), choices=CallReason.Door.choices, required=False
    )
    role = forms.ChoiceField(label=_("Whose calls these are"))
    opens = forms.TimeField(
        label=_("From"), required=False, help_text=_("Such as 08:00. Empty: always."), input_formats=TIMES
    )
    closes = forms.TimeField(
        label=_("Until"), required=False, help_text=_("Such as 17:00."), input_formats=TIMES
    )
    fallback = forms.ChoiceField(label=_("Outside those hours"), required=False)
    call_back_minutes = forms.IntegerField(
        label=_("Call back within, in minutes"), min_value=5, max_value=10080, initial=240
    )
    becomes_task = forms.BooleanField(
        label=_("A call of this reason is always put on the work list of that role"), required=False
    )
    rank = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=9999, initial=100)

    def __init__(self, *args: Any, reason: CallReason | None = None, **kwargs: Any) -> None:
        start = {name: getattr(reason, name) for name in self.base_fields} if reason else {}
        for name in ("opens", "closes"):
            if isinstance(start.get(name), time):
                start[name] = f"{start[name]:%H:%M}"
        super().__init__(*args, initial=start, **kwargs)
        for name in ("opens", "closes"):
            self.fields[name].error_messages["invalid"] = now_("Write a time such as 08:00.")
        staff = [
            (key, one.name)
            for key, one in roles().items()
            if Can.ANSWER_PHONES in one.may and key != "system"
        ]
        _offer(self, "role", staff)
        _offer(self, "fallback", [("", now_("The same")), *staff])


class RedFlagForm(ui.Form):
    """What comes before all else, and the words to say first."""

    words = forms.CharField(label=_("What the caller says"), max_length=LONGEST_NAME)
    say = forms.CharField(label=_("Words to say first"), max_length=500, widget=forms.Textarea)
    goes_to = forms.ChoiceField(label=_("Where the caller belongs"), choices=RedFlag.GoesTo.choices)
    rank = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=9999, initial=100)

    def __init__(self, *args: Any, flag: RedFlag | None = None, **kwargs: Any) -> None:
        start = {name: getattr(flag, name) for name in self.base_fields} if flag else {}
        super().__init__(*args, initial=start, **kwargs)


class NumberForm(ui.Form):
    """A number that bothers the office."""

    number = ui.PhoneField(label=_("Number"), max_length=rules.LONGEST_NUMBER)
    kind = forms.ChoiceField(label=_("What to do"), choices=PhoneFlag.Kind.choices)
    note = forms.CharField(label=_("Why"), required=False, max_length=300)


class LineForm(ui.Form):
    """A line of the telephone system."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("As the office says it, such as Front desk.")
    )
    hosts = forms.CharField(
        label=_("It may ring from"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_(
            "The address of the telephone system, such as 192.168.1.10. One a line; nobody else is heard."
        ),
    )

    def __init__(self, *args: Any, line: PhoneLine | None = None, **kwargs: Any) -> None:
        start = {name: getattr(line, name) for name in self.base_fields} if line else {}
        super().__init__(*args, initial=start, **kwargs)
        self.fields["hosts"].required = not (line and line.exchange)


def reason_choices(kept: CallReason | None = None) -> list[tuple[str, str]]:
    """Return the office's reasons; one that left the list stays for the call that has it."""
    rows = list(queries.reasons())
    if kept is not None and kept.pk not in {one.pk for one in rows}:
        rows.append(kept)
    return [("", now_("Not known yet")), *[(str(one.pk), one.words) for one in rows]]


def _offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
