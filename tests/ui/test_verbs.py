"""Pages and acts are found by their words, and only by who may open them."""

from datetime import UTC, datetime

import pytest
from django.urls import resolve

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import new_id
from daysheet.ui import verbs
from daysheet.ui.verbs import Found

NOON = datetime(2026, 12, 7, 17, tzinfo=UTC)


def of(role: str) -> Actor:
    """Return somebody of a role."""
    return Actor.of_role(role, practice_id=new_id(), user_id=new_id(), name="Rosa", now=NOON)


def asked(text: str, role: str = "office_manager", kind: str = "office") -> Found:
    """Return what a text asks for."""
    return verbs.find(text, by=of(role), kind=kind)


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("waitlist", "schedule:waitlist"), ("new call", "phones:call-new"), ("Call, new", "phones:call-new"),
        ("voicemail", "phones:desk"), ("import", "movein:files"), ("no-show", "schedule:missed"),
        ("close day", "reports:today"), ("drawer", "ledger:drawer"), ("check-in", "frontdesk:board"),
        ("snow day", "schedule:closings"), ("my work", "tasks:my-work"), ("add patient", "patients:patient-new"),
        ("denials", "claims:denials"), ("diary", "privacy:diary"), ("eligibility", "frontdesk:needs"),
    ],
)  # fmt: skip
def test_a_page_is_named_by_its_label_or_by_what_a_clerk_calls_it(text: str, route: str) -> None:
    found = asked(text)
    assert found.pages[0].name == route
    assert found.is_exact == (text != "Call, new")


def test_the_beginnings_of_words_find_a_page_and_name_none_wholly() -> None:
    found = asked("unres app")
    assert ([verb.name for verb in found.pages], found.is_exact) == (["frontdesk:unresolved"], False)
    assert asked("w").pages == []
    assert asked("mia dias").pages == []


@pytest.mark.parametrize(
    ("text", "route", "whom"),
    [
        ("book ortega felix", "schedule:appointment-book", "ortega felix"),
        ("call ortega", "phones:patient-panel", "ortega"),
        ("pay ortega 3/14/1962", "ledger:payment-take", "ortega 3/14/1962"),
        ("Take payment from Ortega", "ledger:payment-take", "Ortega"),
        ("walk-in 10442", "frontdesk:walk-in", "10442"),
        ("check in ortega", "frontdesk:patient-check-in", "ortega"),
        ("Check-in Ortega, Felix", "frontdesk:patient-check-in", "Ortega, Felix"),
        ("arrived ortega", "frontdesk:patient-check-in", "ortega"),
        ("put on the waitlist ortega", "schedule:wait", "ortega"),
        ("waitlist ortega", "schedule:wait", "ortega"),
    ],
)
def test_an_act_stands_before_whom_it_is_for(text: str, route: str, whom: str) -> None:
    found = asked(text)
    assert found.act
    assert (found.act.name, found.of_whom, found.pages) == (route, whom, [])


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("cancel appointment ortega", "schedule:patient-panel"), ("no show ortega", "schedule:patient-panel"),
        ("next available ortega", "schedule:appointment-book"), ("find a slot for ortega", "schedule:appointment-book"),
        ("recurring ortega", "schedule:series-book"), ("dismiss ortega", "schedule:restrictions"),
        ("post payment ortega", "ledger:payment-take"), ("void ortega", "ledger:account"),
        ("superbill ortega", "visits:patient-panel"), ("cob ortega", "coverage:patient-panel"),
        ("prior authorization ortega", "coverage:authorizations"), ("guarantor ortega", "patients:people"),
        ("do not text ortega", "schedule:reminder-wish"),
    ],
)  # fmt: skip
def test_an_act_answers_to_the_words_of_other_systems(text: str, route: str) -> None:
    found = asked(text, "receptionist")
    assert found.act
    assert (found.act.name, found.of_whom) == (route, "ortega")


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("asap list", "schedule:waitlist"), ("confirmation list", "schedule:to-call"), ("rte", "frontdesk:needs"),
        ("print schedule", "schedule:today"), ("telephone encounter", "phones:call-new"),
        ("in basket", "tasks:my-work"),
    ],
)  # fmt: skip
def test_a_page_answers_to_the_words_of_other_systems(text: str, route: str) -> None:
    assert asked(text, "receptionist").pages[0].name == route


def test_an_act_without_anybody_asks_whom() -> None:
    found = asked("book")
    assert (found.act, [verb.name for verb in found.wants_whom]) == (None, ["schedule:appointment-book"])
    assert [verb.name for verb in asked("take pay").wants_whom] == ["ledger:payment-take"]


def test_nobody_is_shown_what_the_role_may_not_open() -> None:
    assert asked("import", "receptionist").pages == []
    assert asked("refund ortega", "receptionist").act is None
    assert asked("waitlist", "office_manager", "payer").pages == []


@pytest.mark.parametrize("text", ["", " ", "???", "book " * 200, "'; drop", "\0", "日本"])
def test_whatever_is_typed_is_answered(text: str) -> None:
    found = asked(text)
    assert not found.is_exact


def test_every_verb_leads_to_a_screen_that_asks_for_the_same_permission() -> None:
    wrong = []
    for verb in verbs._every():
        args = [new_id()] if verb.of_patient else []
        address = verb.url(*args)
        assert address, verb.name
        rule = resolve(address).func.screen
        if (rule.needs, "GET" in rule.methods) != (verb.needs, True):
            wrong.append((verb.name, rule.needs, rule.methods))
    assert wrong == []


def test_no_two_pages_and_no_two_acts_share_a_name() -> None:
    for of_patient in (True, False):
        rows = [
            (phrase, verb.name)
            for verb in verbs._every()
            if verb.of_patient == of_patient
            for phrase in set(verb.phrases)
        ]
        twice = {phrase for phrase, route in rows if len({r for p, r in rows if p == phrase}) > 1}
        assert twice == set()


def test_every_entry_of_the_main_menu_is_found_by_its_words() -> None:
    from daysheet.site.entrance import navigation

    by = of("office_manager")
    for entry in navigation(by, "office"):
        found = verbs.find(str(entry.label), by=by, kind="office")
        assert found.is_exact, entry.label
        assert entry.url in [verb.url() for verb in found.pages]
