"""A care setting comes to an office: what is missing is added, what is here stays, and it can be taken back."""

from decimal import Decimal

import pytest

from daysheet.charges import commands as charges
from daysheet.charges.models import FeeItem, UsualService
from daysheet.kernel.errors import StaleForm
from daysheet.kernel.models import AuditLine, Practice
from daysheet.practice import commands, queries
from daysheet.practice.care_settings import care_setting
from daysheet.practice.commands.settings import NoSuchSetting
from daysheet.practice.models import AddedPiece, AddedSetting, ExamRoom, Location
from daysheet.privacy import filling
from daysheet.schedule import commands as schedule
from daysheet.schedule import giving
from daysheet.schedule.models import AppointmentType, Resource
from daysheet.visits import commands as visits
from daysheet.visits.models import CheckInRule
from tests import cast, make

pytestmark = pytest.mark.django_db


def brought(practice: Practice, setting: str, **where: object) -> object:
    return commands.add_setting(cast.ana(practice.pk), setting=setting, **where)  # type: ignore[arg-type]


def test_an_empty_office_gets_all_of_a_setting_and_a_door_with_its_place_of_service(
    practice: Practice,
) -> None:
    brought(practice, "dental")
    held = care_setting("dental")
    assert held is not None
    door = Location.objects.get()
    assert (door.name, door.is_main, door.place_of_service) == ("Main office", True, "11")
    assert set(ExamRoom.objects.values_list("name", flat=True)) == set(held.rooms)
    assert queries.hours_of(door.pk) == list(held.opening)
    assert set(AppointmentType.objects.values_list("name", flat=True)) == {one.name for one in held.visits}
    cleaning = AppointmentType.objects.get(name="Checkup and cleaning")
    assert (cleaning.minutes, cleaning.after_minutes, cleaning.youngest) == (60, 10, 14)
    assert {one.kind.name for one in cleaning.needs.all()} == {"Hygiene chair", "Hygienist"}
    assert {one.room.name for one in Resource.objects.exclude(room=None)} == {
        "Operatory 1", "Operatory 2", "Operatory 3", "Hygiene 1", "Hygiene 2",
    }  # fmt: skip
    titles = {one.title for one in filling.forms_at_hand().values()}
    assert {one.title for one in held.forms} <= titles
    assert CheckInRule.objects.count() == len(held.check_in)
    fee = FeeItem.objects.get(code="XT020")
    assert (fee.label, str(fee.amount)) == ("Cleaning, grown-up (sample)", "110.00")
    assert UsualService.objects.count() == sum(len(one.services) for one in held.visits)
    assert AuditLine.objects.filter(action="practice.setting.added").count() == 1


def test_adding_it_again_brings_nothing_and_says_so(practice: Practice) -> None:
    brought(practice, "family")
    before = AddedPiece.objects.count()
    with pytest.raises(commands.NothingComes, match="here already"):
        brought(practice, "family")
    assert AddedPiece.objects.count() == before


def test_what_is_here_by_name_stays_as_it_is(practice: Practice) -> None:
    door = make.location()
    own = schedule.add_appointment_type(cast.ana(practice.pk), name="Sick visit", minutes=15)
    brought(practice, "family", location_id=door.pk)
    own.refresh_from_db()
    assert own.minutes == 15
    assert AppointmentType.objects.filter(name="Sick visit").count() == 1
    assert not AddedPiece.objects.filter(part="visits", name="Sick visit").exists()


def test_taking_it_back_retires_what_came_and_leaves_what_was_here(practice: Practice) -> None:
    schedule.add_appointment_type(cast.ana(practice.pk), name="Sick visit", minutes=15)
    added = commands.add_setting(cast.ana(practice.pk), setting="family")
    commands.take_setting_back(cast.ana(practice.pk), added_id=added.pk, version=added.version)
    assert set(AppointmentType.objects.filter(is_active=True).values_list("name", flat=True)) == {
        "Sick visit"
    }
    assert not ExamRoom.objects.filter(is_active=True).exists()
    assert not Resource.objects.filter(is_active=True).exists()
    assert not CheckInRule.objects.filter(dropped_at=None).exists()
    assert not FeeItem.objects.filter(ends_on=None).exists()
    assert "Vaccine questions" not in {one.title for one in filling.forms_at_hand().values()}
    assert queries.opening_hours(queries.main_location().pk).exists()  # type: ignore[union-attr]


def test_after_it_was_taken_back_it_comes_again_as_it_was(practice: Practice) -> None:
    added = commands.add_setting(cast.ana(practice.pk), setting="family")
    pieces = set(AddedPiece.objects.filter(added=added).values_list("part", "name"))
    commands.take_setting_back(cast.ana(practice.pk), added_id=added.pk, version=added.version)
    again = commands.add_setting(cast.ana(practice.pk), setting="family")
    came = set(AddedPiece.objects.filter(added=again).values_list("part", "name"))
    assert pieces - came == {("hours", "Opening hours"), ("estimates", "Without a plan")}
    assert AppointmentType.objects.filter(is_active=True).count() == AppointmentType.objects.count()
    assert not FeeItem.objects.exclude(ends_on=None).exists()


def test_what_another_setting_brings_too_stays_when_one_is_taken_back(practice: Practice) -> None:
    family = commands.add_setting(cast.ana(practice.pk), setting="family")
    other = commands.add_setting(cast.ana(practice.pk), setting="dermatology")
    commands.take_setting_back(cast.ana(practice.pk), added_id=family.pk, version=family.version)
    kept = AppointmentType.objects.get(name="Follow-up")
    assert kept.is_active
    assert AddedPiece.objects.filter(added=other, part="visits", name="Follow-up").exists()


def test_a_setting_at_two_doors_keeps_the_pieces_of_both_and_takes_back_both(practice: Practice) -> None:
    first, second = make.location(), make.location("Harbor", is_main=False)
    brought(practice, "family", location_id=first.pk)
    rooms = ExamRoom.objects.count()
    brought(practice, "family", location_id=second.pk)
    assert ExamRoom.objects.count() == 2 * rooms
    assert AddedPiece.objects.filter(part="rooms").count() == 2 * rooms
    added = AddedSetting.objects.get()
    commands.take_setting_back(cast.ana(practice.pk), added_id=added.pk, version=added.version)
    assert not ExamRoom.objects.filter(is_active=True).exists()


def test_what_the_office_has_changed_stays_when_the_setting_is_taken_back(practice: Practice) -> None:
    ana = cast.ana(practice.pk)
    brought(practice, "family")
    rules = list(CheckInRule.objects.order_by("pk"))
    visits.change_check_in_rule(
        ana,
        rule_id=rules[0].pk,
        version=1,
        often=rules[0].often,
        is_required=not rules[0].is_required,
        type_id=rules[0].type_id,
        youngest=rules[0].youngest,
        oldest=rules[0].oldest,
    )
    usual = UsualService.objects.order_by("pk")[0]
    charges.set_usual_service(
        ana, type_id=usual.type_id, code=usual.code, units=Decimal(2), is_visit=usual.is_visit
    )
    added = AddedSetting.objects.get()
    commands.take_setting_back(ana, added_id=added.pk, version=added.version)
    assert [one.pk for one in CheckInRule.objects.filter(dropped_at=None)] == [rules[0].pk]
    assert [one.pk for one in UsualService.objects.all()] == [usual.pk]


def test_an_old_page_takes_nothing_back(practice: Practice) -> None:
    added = commands.add_setting(cast.ana(practice.pk), setting="family")
    with pytest.raises(StaleForm):
        commands.take_setting_back(cast.ana(practice.pk), added_id=added.pk, version=added.version + 1)
    assert AppointmentType.objects.filter(is_active=False).count() == 0


@pytest.mark.parametrize("setting", ["insurer", "billing_service", "circus", "", "../family"])
def test_what_is_no_setting_of_an_office_is_refused(practice: Practice, setting: str) -> None:
    with pytest.raises(NoSuchSetting):
        brought(practice, setting)
    assert not Location.objects.exists()


def test_a_price_that_the_office_has_put_itself_outlives_the_setting(practice: Practice) -> None:
    from decimal import Decimal

    from daysheet.charges import commands as charges

    added = commands.add_setting(cast.ana(practice.pk), setting="dental")
    today = FeeItem.objects.get(code="XT020").starts_on
    charges.set_fee(
        cast.ana(practice.pk), code="XT020", label="Cleaning", amount=Decimal("99.00"), starts_on=today
    )
    commands.take_setting_back(cast.ana(practice.pk), added_id=added.pk, version=added.version)
    fee = FeeItem.objects.get(code="XT020")
    assert (fee.label, fee.ends_on) == ("Cleaning", None)


def test_a_form_that_got_another_title_is_here_and_its_rule_asks_for_it(practice: Practice) -> None:
    from daysheet.privacy import commands as privacy

    ana = cast.ana(practice.pk)
    added = commands.add_setting(ana, setting="dermatology")
    privacy.keep_form(
        ana, key="excision-consent", edition=1, title="Surgery: consent", text="I agree to the operation."
    )
    with pytest.raises(commands.NothingComes):
        brought(practice, "dermatology")
    commands.take_setting_back(ana, added_id=added.pk, version=added.version)
    assert "Surgery: consent" in {one.title for one in filling.forms_at_hand().values()}
    brought(practice, "dermatology")
    assert CheckInRule.objects.filter(dropped_at=None, kind="form-excision-consent").count() == 1


def test_a_shipped_form_that_the_office_has_retired_is_not_asked_for(practice: Practice) -> None:
    from daysheet.privacy import commands as privacy

    privacy.retire_form(cast.ana(practice.pk), key="health")
    brought(practice, "family")
    assert not CheckInRule.objects.filter(kind="form-health").exists()
    assert CheckInRule.objects.filter(kind="form-vaccine-questions").exists()


def test_a_name_that_is_something_else_here_is_left_alone_and_not_needed(practice: Practice) -> None:
    schedule.add_resource(cast.ana(practice.pk), sort="equipment", what="Gym", name="Treadmill")
    brought(practice, "cardiology")
    kind = AppointmentType.objects.get(name="Stress test, treadmill")
    assert {one.kind.name for one in kind.needs.all()} == {"Stress room", "Cardiac technician"}


def test_beside_another_setting_a_visit_that_belongs_to_a_specialty_is_given_by_it(
    practice: Practice,
) -> None:
    make.provider()
    heart = make.provider("Strand", "Helen", number=8)
    type(heart).objects.filter(pk=heart.pk).update(taxonomy="207RC0000X")
    brought(practice, "family")
    brought(practice, "cardiology")
    kinds = dict(AppointmentType.objects.values_list("name", "pk"))
    assert giving.who_gives([kinds["Echo"], kinds["ECG"], kinds["Sick visit"]]) == {kinds["Echo"]: {heart.pk}}
    brought(practice, "dental")  # nobody here is a dentist yet: the manager says later who gives it
    kinds = dict(AppointmentType.objects.values_list("name", "pk"))
    assert giving.who_gives([kinds["Checkup and cleaning"]]) == {}


def test_in_an_office_of_one_setting_everybody_gives_its_visits(practice: Practice) -> None:
    heart = make.provider("Strand", "Helen", number=8)
    type(heart).objects.filter(pk=heart.pk).update(taxonomy="207RC0000X")
    brought(practice, "cardiology")
    assert giving.who_gives(list(AppointmentType.objects.values_list("pk", flat=True))) == {}
