"""How patients of a played day come in: by the desk, the kiosk or the own phone, in the car; who goes away unseen."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from daysheet.coverage import queries as coverages
from daysheet.frontdesk import commands as frontdesk
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.portal import commands as portal
from daysheet.portal import queries as own
from daysheet.portal import rules
from daysheet.portal.models import Kiosk, SelfCheckIn
from daysheet.privacy import filling
from daysheet.schedule import missed_fees
from daysheet.schedule.limits import age_on
from daysheet.schedule.remote import is_remote
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.papers import blank, card
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.visits import PlayedVisit, answers_for
from daysheet.visits import commands as visits
from daysheet.visits.models import CallingPoint, Visit, VisitToken

WAYS = (("desk", "kiosk", "phone"), (50, 25, 25))
IN_CAR, MOVED_HOUSE, SHOWS_CARD, NOT_HERE = 60.0, 20.0, 25.0, 10.0  # percent
LEAVES = 85.0
"""Percent of the days on which somebody goes away unseen."""
WAIVED = 35.0
"""Percent of missed visits for which the desk asks for no fee."""


def choose_ways(play: PlayedPractice, day: date, coming: Sequence[PlayedVisit]) -> None:
    """Let each who comes do so by the desk, a kiosk or the own phone; one of the day may go away unseen."""
    ways = dict.fromkeys(("kiosk", "phone"), 0)
    for visit in coming:
        is_called(play, visit)
        chance = visit.chance.of("comes by")
        is_able = visit.appointment_id and age_on(visit.patient.born_on, day) >= rules.OF_AGE
        way = chance.one_of(*WAYS) if is_able else "desk"
        is_able = is_able and not is_remote(visit.type.mode)
        is_open = visit.starts_at >= play.moment(day, 9)
        if is_able and not ways["kiosk"]:
            way = "kiosk"
        elif is_able and is_open and not ways["phone"]:
            way = "phone"
        if is_able and way == "desk" and visit.patient.language == "es":
            way = "kiosk"
        if is_remote(visit.type.mode):
            way = "phone"
        if way == "kiosk":
            visit.comes_by = partial(_at_the_kiosk, play, visit)
        if way == "phone":
            play.plan(play.moment(day, 7, 55), 0, partial(_on_the_phone, play, visit))
        ways[way] = ways.get(way, 0) + 1
    chance = play.chance.of("leaves", day)
    at_the_desk = [one for one in coming if one.comes_by is None and not is_remote(one.type.mode)]
    if chance.happens(LEAVES) and len(at_the_desk) > 1:
        chance.one_of(at_the_desk).fate = "leaves"


def is_called(play: PlayedPractice, visit: PlayedVisit) -> None:
    """Let a patient be called to a desk by the token before the check-in."""
    visit.called = lambda now: _call_up(play, visit, now)


def _at_the_kiosk(play: PlayedPractice, visit: PlayedVisit, now: datetime) -> None:
    """Take a code from the desk, type it at the kiosk with the birth date, and answer the screens."""
    assert visit.appointment_id is not None
    row = portal.offer_for_appointment(
        play.office.by("receptionist", now), appointment_id=visit.appointment_id
    )
    kiosk = Kiosk.objects.filter(location_id=visit.location.id, closed_at=None, shows="check_in").first()
    if kiosk is None:
        return visit.arrive(now)
    by = Actor.system(
        practice_id=play.office.practice.id, now=now + timedelta(minutes=1), name=rules.AT_KIOSK
    )
    begun = portal.try_code(by, kiosk_id=kiosk.pk, code=row.code, born_on=visit.patient.born_on)
    if begun is None:
        return visit.arrive(now)
    _answer_screens(by, begun, visit)
    portal.finish(by, row_id=begun.pk)
    visit.visit = Visit.objects.get(appointment_id=visit.appointment_id)
    return None


def _on_the_phone(play: PlayedPractice, visit: PlayedVisit, now: datetime) -> None:
    """Be sent the link in the morning and answer the screens at home; "I am here" is said at the door."""
    assert visit.appointment_id is not None
    desk = play.office.by("receptionist", now)
    try:
        portal.send_link(desk, appointment_id=visit.appointment_id)
    except Refusal:
        return  # nothing may be sent: the desk checks in
    by = Actor.system(
        practice_id=play.office.practice.id, now=now + timedelta(minutes=2), name=rules.ON_PHONE
    )
    row = SelfCheckIn.objects.get(appointment_id=visit.appointment_id)
    assert row.link_id is not None
    begun = portal.come_in_by_link(by, link_id=row.link_id, born_on=visit.patient.born_on)
    if begun is None:
        return
    _answer_screens(by, begun, visit)
    visit.comes_by = partial(_says_here, play, visit, begun)


def _says_here(play: PlayedPractice, visit: PlayedVisit, row: SelfCheckIn, now: datetime) -> None:
    assert visit.appointment_id is not None
    by = Actor.system(practice_id=play.office.practice.id, now=now, name=rules.ON_PHONE)
    in_car = not is_remote(visit.type.mode) and visit.chance.of("car").happens(IN_CAR)
    try:
        portal.say_here(by, row_id=row.pk, waits_in_car=in_car)
    except portal.NotNow:
        return visit.arrive(now)  # before the door opens: the desk says so
    visit.visit = Visit.objects.get(appointment_id=visit.appointment_id)
    return None


def _answer_screens(by: Actor, row: SelfCheckIn, visit: PlayedVisit) -> None:
    """Answer each question that is left, but the last: that one is here."""
    chance = visit.chance.of("own check-in")
    done: set[str] = set()
    while left := [one for one in row.steps if one not in (*row.done, *done, rules.HERE)]:
        done.add(left[0])
        row = _answer_one(by, row, left[0], visit, chance.of(left[0]))


def _answer_one(by: Actor, row: SelfCheckIn, step: str, visit: PlayedVisit, chance: Chance) -> SelfCheckIn:
    at: dict[str, Any] = {"row_id": row.pk}
    if step == rules.VISITS:
        expected = own.others_today(row, by.now)
        return portal.keep_visits(by, **at, appointment_ids=[one.pk for one in expected])
    if step == rules.CONTACT:
        said = own.contact_of(row.patient)
        moved = {"street": f"{chance.number(1, 480)} Quarry Ln"} if chance.happens(MOVED_HOUSE) else {}
        return portal.keep_contact(by, **at, said=said | moved)
    if step == rules.INSURANCE:
        day = by.now.astimezone(row.location.zone).date()
        has_plan = coverages.coverage_on(row.patient_id, day) is not None
        if has_plan and chance.happens(SHOWS_CARD):
            at |= {"front": card(row.patient), "back": blank()}
        return portal.keep_insurance(by, **at, answer="same" if has_plan else "none")
    if step == rules.PHOTO_ID:
        return portal.keep_photo_id(by, **at, answer="none")
    if step == rules.CONSENT:
        return portal.keep_consent(by, **at, at_home=True)
    if step.startswith(rules.FORM):
        return _sign(by, row, step.removeprefix(rules.FORM), visit)
    return portal.pass_screen(by, **at, step=step)


def _sign(by: Actor, row: SelfCheckIn, key: str, visit: PlayedVisit) -> SelfCheckIn:
    """Sign a form in the language of the patient."""
    form = filling.form_at_hand(key)
    if form is None:
        return portal.pass_screen(by, row_id=row.pk, step=rules.FORM + key)
    who = visit.patient
    signature = {"signed_by": f"{who.given} {who.family}", "agrees": True} if form.needs_signature else {}
    return portal.keep_form(
        by,
        row_id=row.pk,
        key=key,
        edition=form.number,
        language="es" if who.language == "es" else "en",
        answers=answers_for(form, visit.chance, by.now.date()),
        signature=signature,
    )


def _call_up(play: PlayedPractice, visit: PlayedVisit, now: datetime) -> None:
    """Call a patient to a desk: out of the car first, again where nobody came; take over what the patient proposed."""
    desk, here = play.office.by("receptionist", now), visit.visit
    assert here is not None
    row = SelfCheckIn.objects.filter(visit=here).first()
    if row is not None and own.is_in_car(row):
        portal.call_in(desk, row_id=row.pk)
    token = VisitToken.objects.filter(visit=here).first()
    point = (
        CallingPoint.objects.filter(location_id=here.location_id, dropped_at=None).order_by("name").first()
    )
    if token is not None and point is not None:
        visits.call_token(desk, token_id=token.pk, point_id=point.pk)
        if visit.chance.of("called").happens(NOT_HERE):
            visits.not_here(desk, token_id=token.pk)
            visits.back_in_line(desk, token_id=token.pk)
            visits.call_token(desk, token_id=token.pk, point_id=point.pk)
        visits.end_call(desk, token_id=token.pk)
    if row is not None:
        seen = own.watched(row)
        if seen.open_changes:
            portal.take_over_changes(
                desk,
                row_id=row.pk,
                version=seen.patient.version,
                fields=[one.field for one in seen.open_changes],
            )


def decide_fees(play: PlayedPractice, now: datetime) -> None:
    """Decide about the fee of each missed visit by the office's rule: charged or waived; Medicaid is asked for none."""
    desk = play.office.by("receptionist", now)
    for one in missed_fees.undecided(missed_fees.as_rules(), now).order_by("starts_at", "booked_at"):
        fee = missed_fees.fee_for(one)
        if fee is None:
            continue
        chance = play.chance.of("missed fee", one.starts_at.isoformat(), play.known_number(one.patient_id))
        if not chance.happens(WAIVED):
            with suppress(Refusal):  # where Medicaid covers the patient, nothing may be asked
                frontdesk.charge_missed(
                    desk, appointment_id=one.pk, amount=fee.amount, reason="By the office's rule"
                )
                continue
        frontdesk.waive_missed(desk, appointment_id=one.pk, reason="First time, was ill")
