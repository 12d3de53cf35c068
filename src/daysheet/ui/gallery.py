"""Invented people and things for the gallery, where every component is shown in every state."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms as django_forms
from django.core.paginator import Paginator

from daysheet.ui import forms
from daysheet.ui.status import STATES

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 14, 12, tzinfo=UTC)
SEXES = [("F", "Female"), ("M", "Male"), ("X", "Another"), ("U", "Not known")]
VISIT_TYPES = [("fu20", "Follow-up, 20 min"), ("new40", "New patient, 40 min"), ("proc", "Procedure, 30 min")]


class GalleryForm(forms.Form):
    """One field of every kind."""

    family = django_forms.CharField(label="Family name", max_length=100)
    nickname = django_forms.CharField(label="Also known as", required=False)
    born = forms.BirthDateField(label="Birth date")
    phone = forms.PhoneField(label="Phone", help_text="One number may serve a family.")
    visit_type = django_forms.ChoiceField(label="Visit type", choices=VISIT_TYPES)
    day = forms.DayField(label="Day of the visit")
    copay = forms.MoneyField(label="Take now")
    sex = django_forms.ChoiceField(label="Sex", choices=SEXES, widget=django_forms.RadioSelect)
    needs = django_forms.MultipleChoiceField(
        label="Needs",
        required=False,
        choices=[("interpreter", "Interpreter"), ("wheelchair", "Wheelchair"), ("large", "Large print")],
        widget=django_forms.CheckboxSelectMultiple,
    )
    may_text = django_forms.BooleanField(label="We may send text messages", required=False)
    diagnosis = django_forms.CharField(label="Diagnosis")
    note = django_forms.CharField(label="Note", required=False, widget=django_forms.Textarea)
    scan = django_forms.FileField(label="Scan of the card", required=False)


def scenes() -> dict[str, Any]:
    """Return everything the gallery page shows."""
    return {
        "blank": GalleryForm(initial=_filled(), today=TODAY),
        "filters": GalleryForm(auto_id="filter_%s", initial=_filled()),
        "wrong": GalleryForm(_mistakes(), auto_id="wrong_%s", today=TODAY),
        "who": who(),
        "deceased": {
            "family": "Roy",
            "given": "Sam",
            "born": date(1938, 11, 2),
            "age": 87,
            "sex": "male",
            "chart": "10901",
        }
        | {"is_deceased": True},
        "states": sorted({shown.tone: [] for shown in STATES.values()}),
        "tags": list(STATES),
        "visits": visits(),
        "items": items(),
        "patients": patients(),
        "patients_page": Paginator(range(204), 50).page(2),
        "events": events(),
        "plot_rows": [
            ("Blue PPO", Decimal(4210), "$4,210"),
            ("Sunrise", Decimal(1880), "$1,880"),
            ("Self-pay", 0, "$0"),
        ],
    }


def who() -> dict[str, Any]:
    """Return Ms. Diaz as the banner wants her."""
    return {
        "family": "Diaz",
        "given": "Maria",
        "preferred": "Mia",
        "born": date(1962, 3, 14),
        "age": 63,
        "sex": "female",
        "chart": "10442",
        "coverage": [("eligible", "Covered: Blue PPO, asked Mar 9")],
        "owes": Decimal("42.40"),
        "credit": Decimal(0),
        "name_alert": "LEE, Anne 30412 comes at 10:30",
        "alerts": [
            ("attention", "Interpreter"),
            ("hold", "Records on hold"),
            ("attention", "Referral ends Mar 31"),
            ("neutral", "Prefers calls after 4"),
        ],
        "next_visit": "Mar 9, 9:00 am, Dr. Lee",
        "url": "#who",
    }


def visits() -> list[SimpleNamespace]:
    """Return three rows of a day board."""
    more = [("Move", "#move"), ("Cancel", "#cancel"), ("No-show", "#no-show")]
    common = {"panel_url": "#panel", "more": more, "place": "Main St"}
    return [
        SimpleNamespace(
            id="1",
            time="9:00 am",
            late=("attention", "late 12"),
            name="DIAZ, Maria (Mia)",
            born="Mar 14, 1962",
            chart="10442",
            provider="Dr. Lee",
            state="expected",
            ready=[("done", "forms"), ("done", "covered")],
            due=Decimal("42.40"),
            act=("Arrived", "#arrive"),
            **common,
        ),
        SimpleNamespace(
            id="2",
            time="9:15 am",
            name="LEE, Ann",
            born="Jan 2, 1990",
            chart="20881",
            provider="Dr. Lee",
            state="arrived",
            in_state="4 min",
            in_house="9 min",
            ready=[("attention", "2 forms"), ("stop", "not active")],
            due=None,
            alerts=[("attention", "Name alert")],
            act=("Check in", "#check-in"),
            **common,
        ),
        SimpleNamespace(
            id="3",
            time="8:45 am",
            name="OKAFOR-WINTHERBOTTOM, Joy Adaeze",
            born="May 5, 1975",
            chart="10077",
            provider="Dr. Osei",
            state="roomed",
            in_state="11 min",
            in_house="31 min",
            ready=[("done", "forms"), ("done", "covered")],
            due=Decimal(0),
            act=("With provider", "#go"),
            **common,
        ),
    ]


def items() -> list[SimpleNamespace]:
    """Return three things to do."""
    ways = {"snooze_url": "#snooze", "hand_url": "#hand", "close_url": "#close"}
    return [
        SimpleNamespace(
            id="1",
            tone="stop",
            clock="2 h over",
            source="office rule: 4 h",
            kind="Call back",
            subject="DIAZ, Maria 10442",
            subject_url="#who",
            reason="Asks about her bill of Feb 2.",
            owner="Rosa",
            act=("Call", "#call"),
            **ways,
        ),
        SimpleNamespace(
            id="2",
            tone="attention",
            clock="3 h left",
            source="law: 30 days",
            kind="Records request",
            subject="ROY, Sam 10901",
            reason="Day 30 of 30. The packet is ready.",
            note="Ana has it open",
            act=("Send", "#send", True),
            **ways,
        ),
        SimpleNamespace(
            id="3",
            tone="neutral",
            clock="4 days",
            kind="Denial",
            subject="Claim 20417, LEE, Ann 20881",
            reason="Information missing (CO-16).",
            owner="Billing",
            act=("Open", "#open"),
            **ways,
        ),
    ]


def patients() -> list[tuple[str, str, str, str, Decimal, str]]:
    """Return rows of a table: name, born, chart, phone, owes, state."""
    return [
        ("DIAZ, Maria (Mia)", "Mar 14, 1962", "10442", "(555) 201-0142", Decimal("42.40"), "eligible"),
        ("LEE, Ann", "Jan 2, 1990", "20881", "(555) 201-0177", Decimal(0), "inactive"),
        ("OKAFOR, Joy", "May 5, 1975", "10077", "(555) 201-0119", Decimal("-22.00"), "eligible"),
        ("ROY, Sam", "Nov 2, 1938", "10901", "(555) 201-0101", Decimal("1040.00"), "asked"),
    ]


def events() -> list[dict[str, Any]]:
    """Return lines of a timeline."""
    return [
        {"at": datetime(2026, 3, 9, 14, 12, tzinfo=UTC), "who": "Rosa", "text": "arrived", "tone": "active"},
        {
            "at": datetime(2026, 3, 9, 7, 2, tzinfo=UTC),
            "who": "batch",
            "text": "covered by Blue PPO",
            "tone": "done",
        },
        {"at": datetime(2026, 3, 6, 18, 30, tzinfo=UTC), "text": "text message: confirmed", "url": "#sms"},
        {
            "at": datetime(2026, 3, 2, 16, 0, tzinfo=UTC),
            "who": "Ana",
            "text": "claim 20417 denied",
            "tone": "stop",
        },
    ]


def _filled() -> dict[str, Any]:
    return {
        "family": "Diaz",
        "born": date(1962, 3, 14),
        "phone": "+15552010142",
        "visit_type": "fu20",
        "day": TODAY,
        "copay": Decimal("42.40"),
        "sex": "F",
        "needs": ["interpreter"],
        "may_text": True,
        "diagnosis": "M54.50",
    }


def _mistakes() -> dict[str, Any]:
    born = {"born_0": "2", "born_1": "30", "born_2": "1962"}
    return born | {
        "family": "",
        "phone": "201",
        "copay": "-5",
        "day": "13/40",
        "visit_type": "",
        "sex": "",
        "diagnosis": "M54.50",
    }
