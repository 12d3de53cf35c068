"""What a person copies from an insurance card, and what is asked and said about it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from daysheet.coverage import cases, library, queries
from daysheet.coverage.card_reading import Beside
from daysheet.coverage.commands import Holder
from daysheet.coverage.models import Authorization, Coverage, InsurancePlan, PayingFacts
from daysheet.coverage.parents import plan_of
from daysheet.coverage.rules import spans
from daysheet.coverage.rules.authorizations import LONGEST_NUMBER
from daysheet.kernel.ids import read_id
from daysheet.ui import forms as ui

RELATIONSHIPS = [
    (Coverage.Relationship.SELF, _("self: the plan is the patient's own")),
    (Coverage.Relationship.SPOUSE, _("spouse")),
    (Coverage.Relationship.CHILD, _("child")),
    (Coverage.Relationship.OTHER, _("other")),
]


class PlanField(forms.CharField):
    """A plan of the library, typed: its id, its whole words, or enough of them to mean one plan alone."""

    plans: Sequence[InsurancePlan] = ()

    def clean(self, value: Any) -> UUID:
        """Return which plan is meant."""
        typed = str(super().clean(value)).casefold()
        said = {one.pk: library.words(one).casefold() for one in self.plans}
        whole = [pk for pk, words in said.items() if typed in (words, str(pk))]
        parts = [pk for pk, words in said.items() if all(part in words for part in typed.split())]
        meant = whole or parts
        if len(meant) == 1:
            return meant[0]
        if not meant:
            raise forms.ValidationError(
                _("No plan is called so. Look again, or name it as a plan that is not listed.")
            )
        raise forms.ValidationError(_("More than one plan is called so. Type more of its name."))

    def prepare_value(self, value: Any) -> Any:
        """Return the words of a plan that is named by its id."""
        return next((library.words(one) for one in self.plans if str(one.pk) == str(value)), value)


UNLISTED = ("unlisted_payer", "unlisted_plan")


class CoverageForm(ui.Form):
    """What stands on the card, and through whom the plan comes."""

    plan = PlanField(
        label=_("Plan"), max_length=200, help_text=_("Type a part of the payer's or the plan's name.")
    )
    unlisted_payer = forms.CharField(
        label=_("Payer that is not listed"),
        max_length=60,
        required=False,
        help_text=_("As the card says. The card is kept, and a manager completes payer and plan."),
    )
    unlisted_plan = forms.CharField(label=_("Its plan, as the card says"), max_length=80, required=False)
    member_id = forms.CharField(label=_("Member id"), max_length=80)
    group_number = forms.CharField(label=_("Group number"), max_length=80, required=False)
    rank = forms.TypedChoiceField(
        label=_("Rank"),
        coerce=int,
        choices=[(number, word.capitalize()) for number, word in spans.RANKS.items()],
    )
    starts_on = ui.DayField(label=_("First day"), back=True)
    last_day = ui.DayField(
        label=_("Last day"), required=False, help_text=_("Leave empty while the plan goes on.")
    )
    relationship = forms.ChoiceField(
        label=_("The patient is the subscriber's"),
        choices=RELATIONSHIPS,
    )
    subscriber_family = forms.CharField(label=_("Subscriber's family name"), max_length=100, required=False)
    subscriber_given = forms.CharField(label=_("Subscriber's given name"), max_length=100, required=False)
    subscriber_born_on = ui.BirthDateField(label=_("Subscriber's birth date"), required=False)
    is_of_medicaid = forms.BooleanField(
        label=_("Medicaid runs through this plan (Medicaid managed care)"),
        required=False,
        help_text=_("Then the patient is asked for no more than Medicaid allows."),
    )

    card: Beside | None = None
    """What was read on a card, to be looked at before it is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = list(queries.plans())
        now = read_id(str(self.initial.get("plan", "")))
        if now and now not in {one.pk for one in plans} and (own := library.plan(now)):
            plans.append(own)  # a card keeps a plan that is no longer offered
        self.fields["plan"].plans = plans  # type: ignore[attr-defined]
        self.plan_words = [library.words(one) for one in plans]
        if now:
            for name in UNLISTED:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A plan of the library, or one that is not listed; never both."""
        said = super().clean() or self.cleaned_data
        if said.get("unlisted_payer"):
            if said.get("plan"):
                self.add_error("unlisted_payer", _("Leave this empty, or empty the plan above."))
            self.errors.pop("plan", None)
            said["plan"] = None
        return said

    @property
    def is_unlisted(self) -> bool:
        """Return whether the card names a plan that is not in the library."""
        return bool(self.cleaned_data.get("unlisted_payer"))

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        data = dict(self.cleaned_data)
        last_day = data.pop("last_day")
        if self.is_unlisted:
            del data["plan"]
        else:
            data = {name: value for name, value in data.items() if name not in UNLISTED}
            data["plan_id"] = data.pop("plan")
        data["ends_on"] = last_day + timedelta(days=1) if last_day else None
        return data


THROUGH = [
    ("", _("Not asked yet")),
    ("group", _("An employer or a union")),
    ("individual", _("Bought by the family itself")),
    ("tricare", _("TRICARE: somebody serves or served")),
]
WORK = [
    ("", _("Not asked yet")),
    ("working", _("Works there now")),
    ("retired", _("Retired or laid off")),
    ("cobra", _("Kept after the job (COBRA)")),
]
SIZES = [
    ("", _("Not asked yet")),
    ("under_20", _("Fewer than 20 people")),
    ("20_to_99", _("20 to 99 people")),
    ("100_or_more", _("100 people or more")),
]
PER_PLAN = ("through", "work", "size", "of_child")
OF_CHILD = [
    ("", _("Not asked, or the parents live together")),
    ("custodian", _("The parent with whom the child lives")),
    ("custodians_spouse", _("The spouse of that parent")),
    ("parent", _("The other parent")),
    ("parents_spouse", _("The spouse of the other parent")),
]


class OrderForm(ui.Form):
    """What decides which plan pays first: of each plan where it comes from, of a child whose parents they are."""

    def __init__(
        self,
        data: Any = None,
        *,
        held: Sequence[Coverage],
        facts: PayingFacts | None,
        today: date,
    ) -> None:
        super().__init__(data)
        self.held = held
        choices = [(str(one.pk), _words_of_parent(one)) for one in held if one.relationship == "child"]
        for one in self.asked:
            for name, label, options, known in (
                ("through", _("Where it comes from"), THROUGH, one.through),
                ("work", _("The holder"), WORK, one.work),
                ("size", _("The employer"), SIZES, one.employer_size),
            ):
                self.fields[f"{name}-{one.pk}"] = forms.ChoiceField(
                    label=label, choices=options, initial=known, required=False
                )
        if len(choices) > 1:
            self._ask_of_parents(facts, choices)
        if any(one.plan.kind == "medicare" for one in held):
            self.fields["kidney_since"] = ui.DayField(
                label=_("Medicare could be had for kidney failure since"),
                required=False,
                initial=facts.kidney_since if facts else None,
                back=True,
                today=today,
            )
            self.fields["was_disabled"] = forms.ChoiceField(
                label=_("Medicare by disability when the kidney failure began"),
                choices=[("", _("Not asked yet")), ("yes", _("Yes, already then")), ("no", _("No"))],
                initial=facts.was_disabled if facts else "",
                required=False,
            )

    def _ask_of_parents(self, facts: PayingFacts | None, choices: list[tuple[str, str]]) -> None:
        """Add what decides between two plans of a child."""
        held = self.held
        for one in self.asked:
            if one.relationship == "child":
                self.fields[f"of_child-{one.pk}"] = forms.ChoiceField(
                    label=_("To a child of parents apart"),
                    choices=OF_CHILD,
                    initial=one.of_child,
                    required=False,
                )
        self.fields["parents"] = forms.ChoiceField(
            label=_("The child's parents"),
            choices=[
                ("", _("Not asked yet")),
                ("together", _("Live together")),
                ("apart", _("Live apart")),
                ("jointly", _("Live apart, with joint custody or an order that names both")),
            ],
            initial=facts.parents if facts else "",
            required=False,
        )
        for name, label, chosen in (
            (
                "ordered",
                _("A court made the parent with this plan responsible"),
                facts and plan_of(facts.ordered_id, held),
            ),
            (
                "custody",
                _("The child lives with the parent who has"),
                facts and plan_of(facts.custody_id, held),
            ),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("", _("No, or not asked yet")), *choices],
                initial=chosen,
                required=False,
            )

    @property
    def asked(self) -> list[Coverage]:
        """Return the plans whose origin their own name does not tell."""
        return [one for one in self.held if one.plan.kind != "medicare" and not one.is_medicaid]

    @property
    def per_plan(self) -> list[tuple[Coverage, list[forms.BoundField]]]:
        """Return each plan that is asked about with its fields."""
        return [
            (one, [self[at] for name in PER_PLAN if (at := f"{name}-{one.pk}") in self.fields])
            for one in self.asked
        ]

    @property
    def about_the_patient(self) -> list[forms.BoundField]:
        """Return the fields that are about no single plan."""
        return [
            self[name]
            for name in ("parents", "ordered", "custody", "kidney_since", "was_disabled")
            if name in self.fields
        ]

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        said = self.cleaned_data
        return {
            "holders": {
                one.pk: Holder(**{name: said.get(f"{name}-{one.pk}", "") for name in PER_PLAN})
                for one in self.asked
            },
            "parents": said.get("parents", ""),
            "ordered_id": UUID(said["ordered"]) if said.get("ordered") else None,
            "custody_id": UUID(said["custody"]) if said.get("custody") else None,
            "kidney_since": said.get("kidney_since"),
            "was_disabled": said.get("was_disabled", ""),
        }


def _words_of_parent(held: Coverage) -> str:
    """Return a parent's plan so that nobody takes it for the other's: whose it is, the plan, the number."""
    who = f"{held.subscriber_given} {held.subscriber_family}".strip()
    return ", ".join(filter(None, [who, held.plan.name, _("member %(id)s") % {"id": held.member_id}]))


def shown_order(said: Sequence[str]) -> list[UUID]:
    """Return the plans in the order in which a page showed them; nothing when it is none of ours."""
    try:
        return [UUID(one) for one in said]
    except ValueError:
        return []


class AskForm(ui.Form):
    """For which day to ask; the desk's day when none is named."""

    service_on = forms.DateField(required=False)


class AskDayForm(ui.Form):
    """For which day of service to ask."""

    service_on = ui.DayField(label=_("Day of service"), back=True)


class EndForm(ui.Form):
    """When a coverage ends."""

    last_day = ui.DayField(label=_("Last day covered"), back=True)


class ErrorForm(ui.Form):
    """Why a coverage was never true."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as: another person's card.")
    )


class AuthorizationForm(ui.Form):
    """What stands on a prior authorization or a referral."""

    coverage = forms.ChoiceField(label=_("Plan"))
    kind = forms.ChoiceField(label=_("What it is"), choices=Authorization.Kind.choices)
    number = forms.CharField(
        label=_("Number"),
        max_length=LONGEST_NUMBER,
        help_text=_("As the payer or the referring clinician gave it; it goes on the claim."),
    )
    visits_approved = forms.IntegerField(
        label=_("How many approved"), min_value=1, max_value=999, required=False,
        help_text=_("Leave empty where there is no limit."),
    )  # fmt: skip
    counted_in = forms.ChoiceField(
        label=_("Of what"), required=False, choices=Authorization.CountedIn.choices,
        help_text=_("Hours, days and units are counted from the charges of the visits."),
    )  # fmt: skip
    minutes_per_unit = forms.IntegerField(
        label=_("For hours: minutes of a unit"), required=False, min_value=1, max_value=480, initial=15
    )
    starts_on = ui.DayField(label=_("First day"), back=True)
    last_day = ui.DayField(label=_("Last day"), required=False, help_text=_("Leave empty without an end."))
    what_for = forms.CharField(
        label=_("What for"),
        max_length=400,
        required=False,
        help_text=_("Visit types or service codes, such as Follow-up, 97110. Leave empty for any."),
    )
    from_name = forms.CharField(
        label=_("From whom"),
        max_length=100,
        required=False,
        help_text=_("The referring clinician, or the payer."),
    )
    from_npi = forms.CharField(label=_("Clinician's NPI"), max_length=10, required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)

    def __init__(self, *args: Any, patient_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(str(one.pk), f"{one.plan.name}, {one.member_id}") for one in queries.coverages(patient_id)]
        held += [(str(one.coverage.pk), cases.words_of(one)) for one in cases.cases(patient_id)]
        self.fields["coverage"].choices = [("", _("Choose a plan")), *held]  # type: ignore[attr-defined]
        if len(held) == 1:
            self.fields["coverage"].initial = held[0][0]
        self.fields["visits_approved"].max_length = 3  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what the command takes."""
        data = dict(self.cleaned_data)
        last_day = data.pop("last_day")
        data["coverage_id"] = UUID(data.pop("coverage"))
        data["ends_on"] = last_day + timedelta(days=1) if last_day else None
        data["what_for"] = data["what_for"].split(",")
        data["counted_in"] = data["counted_in"] or Authorization.CountedIn.VISITS.value
        data["minutes_per_unit"] = data["minutes_per_unit"] or 15
        return data


class EndAuthorizationForm(ui.Form):
    """When an authorization ends early, and why."""

    last_day = ui.DayField(label=_("Last day"), back=True)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as: the plan has taken it back.")
    )


class PolicyForm(ui.Form):
    """How the office asks ahead."""

    leads = forms.CharField(
        label=_("Days before the visit"),
        max_length=40,
        help_text=_("Such as 1, 7: everybody of tomorrow and of the day in a week."),
    )
    is_nightly = forms.BooleanField(label=_("Ask by itself each night"), required=False)
    tries = forms.IntegerField(
        label=_("How often a plan is asked for one day"), min_value=1, max_value=10,
        help_text=_("When a payer cannot answer at the moment (AAA 42 or 80); then a person is called."),
    )  # fmt: skip
    first_wait_minutes = forms.IntegerField(
        label=_("Minutes before the second try"), min_value=5, max_value=240,
        help_text=_("Each later wait is four times as long, at most 12 hours."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.max_length = 3  # type: ignore[attr-defined]

    def clean_leads(self) -> list[int]:
        """Read numbers with commas or spaces between them."""
        parts = self.cleaned_data["leads"].replace(",", " ").split()
        if not parts or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            raise forms.ValidationError(_("Write numbers of days, such as 1, 7."))
        return [int(part) for part in parts]


def card_facts(held: Coverage) -> dict[str, Any]:
    """Return a coverage as the form's first values."""
    names = (
        "member_id",
        "group_number",
        "rank",
        "starts_on",
        "relationship",
        "subscriber_family",
        "subscriber_given",
        "subscriber_born_on",
        "is_of_medicaid",
    )
    facts: dict[str, Any] = {name: getattr(held, name) for name in names}
    facts["plan"] = str(held.plan_id)
    facts["last_day"] = held.ends_on - timedelta(days=1) if held.ends_on else None
    return facts


def paper_facts(held: Authorization) -> dict[str, Any]:
    """Return an authorization as the form's first values."""
    names = (
        "kind",
        "number",
        "visits_approved",
        "counted_in",
        "minutes_per_unit",
        "starts_on",
        "from_name",
        "from_npi",
        "note",
    )
    facts: dict[str, Any] = {name: getattr(held, name) for name in names}
    facts["coverage"] = str(held.coverage_id)
    facts["last_day"] = held.ends_on - timedelta(days=1) if held.ends_on else None
    facts["what_for"] = ", ".join(held.what_for)
    return facts
