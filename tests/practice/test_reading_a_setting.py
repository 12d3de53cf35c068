"""The files of the care settings are read strictly: one wrong word, and nothing of the file is used."""

import pytest

from daysheet.practice.care_settings import SETTINGS, care_setting, care_settings, in_spanish
from daysheet.practice.care_settings.reading import SettingIsUnsound, read_setting

SOUND = """
name = "Small office"
about = "An office."
claim = "professional"
claim_words = "Made."
opens = ["Booking."]
rooms = ["Room 1"]
[opening]
mon-fri = ["08:00-12:00"]
[[equipment]]
what = "ECG"
sort = "equipment"
[[visits]]
name = "Visit"
minutes = 20
needs = { "ECG" = 1 }
services = ["X0010"]
[[forms]]
title = "Consent"
text = "I agree."
[[check_in]]
step = "form"
form = "Consent"
often = "once"
required = true
visit = "Visit"
[[fees]]
code = "X0010"
label = "Visit"
amount = "95.00"
[demonstration]
name = "Sample Office"
first = ["Visit"]
walk_in = "Visit"
[[demonstration.clinicians]]
given = "Ann"
family = "Roe"
credential = "MD"
taxonomy = "207Q00000X"
"""


def test_a_sound_file_is_read_as_it_stands() -> None:
    held = read_setting("small", SOUND)
    assert (held.name, held.rooms, held.place_of_service) == ("Small office", ("Room 1",), "11")
    assert [day for day, _opens, _closes in held.opening] == [0, 1, 2, 3, 4]
    assert held.services == {"Visit": ("X0010",)}
    assert held.equipment[0].names == ("ECG",)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('about = "An office."', "", "The file lacks about."),
        ('rooms = ["Room 1"]', 'rooms = ["Room 1", "room 1"]', "There are two rooms called room 1."),
        ("minutes = 20", "minutes = 2", "Visits Visit has minutes = 2; it goes from 5 to 480."),
        ("minutes = 20", 'minutes = "20"', "Visits Visit has a minutes that is not a whole number."),
        ("minutes = 20", "minutes = true", "Visits Visit has a minutes that is not a whole number."),
        ("minutes = 20", "minutes = 20\nlength = 3", "Visits Visit has a key that nobody knows: length."),
        ('"ECG" = 1', '"MRI" = 1', "The visit Visit names MRI, which is not among the equipment."),
        ('"ECG" = 1', '"ECG" = 0', "Visits Visit needs 1 to 9 of a kind."),
        ('services = ["X0010"]', 'services = ["X9999"]', "names X9999, which is not among the fees."),
        ('code = "X0010"', 'code = "1234"', "is no code of our own: a letter, then four letters or digits."),
        ('amount = "95.00"', 'amount = "-1"', "an amount looks like '95.00'."),
        ('amount = "95.00"', "amount = 95.0", "Fees X0010 has a amount that is not a text."),
        ('form = "Consent"', 'form = "Waiver"', "names Waiver, which is not among the forms."),
        ('step = "form"', 'step = "dance"', "Check_in dance is no step of a check-in"),
        ('often = "once"', 'often = "daily"', "it can be every_visit, yearly, changed, once, never."),
        ('mon-fri = ["08:00-12:00"]', 'mon-fri = ["12:00-08:00"]', "they look like 08:00-17:00."),
        ('mon-fri = ["08:00-12:00"]', 'someday = ["08:00-12:00"]', "write days as mon or mon-fri"),
        ('mon-fri = ["08:00-12:00"]', 'mon = ["08:00-12:00", "11:00-14:00"]', "hours that overlap."),
        ('step = "form"\nform = "Consent"', 'step = "copay"', "copay is asked of some patients alone"),
        ('walk_in = "Visit"', 'walk_in = "Walk"', "The demonstration names Walk, which is not among the visits."),
        ('name = "Small office"', 'name = "Small office', "It is no TOML"),
        ('name = "Small office"', 'name = "Small\\u0000"', "a sign in name that no text may hold."),
        ('[[forms]]', '[[forms]]\ntitle = "Consent"\ntext = "Twice."\n[[forms]]', "There are two forms called consent."),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_anywhere_gives_the_sentence_and_nothing_else(
    old: str, new: str, sentence: str
) -> None:
    assert old in SOUND
    with pytest.raises(SettingIsUnsound) as told:
        read_setting("small", SOUND.replace(old, new, 1))
    assert sentence in str(told.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    spoilt = SOUND.replace("minutes = 20", "minutes = 2").replace('sort = "equipment"', 'sort = "animal"')
    with pytest.raises(SettingIsUnsound) as told:
        read_setting("small", spoilt)
    assert len(told.value.wrong) == 2


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_that_comes_with_daysheet_is_sound(key: str) -> None:
    held = care_setting(key)
    assert held is not None
    assert held.claim_words
    assert held.opens
    if held.kind == "office":
        assert 8 <= len(held.visits) <= 20
        assert len({kind.name for kind in held.visits if kind.prep}) >= 3
        assert len(held.forms) >= 1
        assert len(held.fees) >= 10
        assert {ask.form for ask in held.check_in if ask.form}


def test_what_a_patient_is_told_before_a_visit_is_there_in_spanish_too() -> None:
    told = {kind.prep for one in care_settings() for kind in one.visits if kind.prep}
    spanish = in_spanish()
    assert told == spanish.keys()
    assert all(words and words != english for english, words in spanish.items())
    assert not [words for words in spanish.values() if len(words) > 600]
