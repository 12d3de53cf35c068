"""What each screen of a patient's own check-in asks, shows and keeps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.kernel.money import say
from daysheet.portal import commands, paying, queries, rules
from daysheet.portal.forms import (
    ConsentForm,
    ContactForm,
    GuardianForm,
    HereForm,
    InsuranceForm,
    PayForm,
    PhotoIdForm,
    VisitsForm,
)
from daysheet.portal.models import SelfCheckIn
from daysheet.practice import queries as practice
from daysheet.privacy import filling
from daysheet.privacy.forms import FillForm
from daysheet.schedule.messages import said_time
from daysheet.schedule.models import Appointment
from daysheet.schedule.remote import is_remote
from daysheet.ui.forms import Form
from daysheet.ui.tokens import form_subject, form_version

Keep = Callable[[Actor], SelfCheckIn]


@dataclass(frozen=True, slots=True)
class Asked:
    """One screen: its number, its kind, its title, its form, what it shows, and how its answer is kept."""

    number: int
    count: int
    kind: str
    title: str
    form: Form | None
    keep: Keep
    shown: dict[str, Any]
    says_refusals: bool = True
    """Its refusals are words for patients."""
    about: str = ""
    """What its form is about, signed with it: the step, and of a form to sign its language."""
    is_other: bool = False
    """What was posted was drawn for another question, or in another language."""

    @property
    def thanks(self) -> bool:
        """Return whether its answer is thanked for on the same screen: pictures that came in."""
        return bool(self.shown.get("is_new"))


@dataclass(frozen=True, slots=True)
class _At:
    row: SelfCheckIn
    number: int
    language: str
    now: datetime
    request: HttpRequest

    def asked(
        self, kind: str, title: str, form: Form | None, keep: Keep, *, says: bool = True, **shown: Any
    ) -> Asked:
        count = len(self.row.steps)
        return Asked(
            self.number, count, kind, title, form, keep, shown, says, about=self.about, is_other=self.is_other
        )

    @property
    def about(self) -> str:
        step = self.row.steps[self.number - 1]
        return f"{step}:{self.language}" if step.startswith(rules.FORM) else step

    @property
    def is_other(self) -> bool:
        return self.request.method == "POST" and form_subject(self.request) != self.about

    @property
    def is_remote(self) -> bool:
        return is_remote(queries.mode_of(self.row))

    @property
    def data(self) -> Any:
        return self.request.POST if self.request.method == "POST" and not self.is_other else None


def asked_at(row: SelfCheckIn, number: int, *, language: str, now: datetime, posted: HttpRequest) -> Asked:
    """Return the screen of a number, filled with what was typed."""
    at = _At(row, number, language, now, posted)
    step = row.steps[number - 1]
    kinds: dict[str, Callable[[_At], Asked]] = {
        rules.VISITS: _visits,
        rules.CONTACT: _contact,
        rules.INSURANCE: _insurance,
        rules.PHOTO_ID: _photo_id,
        rules.CONSENT: _consent,
        rules.GUARDIAN: _guardian,
        rules.MONEY: _money,
        rules.HERE: _here,
    }
    return kinds[step](at) if step in kinds else _form(at, step.removeprefix(rules.FORM))


def _visits(at: _At) -> Asked:
    """Ask for which of the day's visits the patient is here: all are ticked at first."""
    expected = queries.others_today(at.row, at.now)
    choices = [(str(one.pk), _said(one)) for one in expected]
    said = at.row.said.get(rules.ALSO)
    form = VisitsForm(at.data, visits=choices, initial={"here_for": said or [pk for pk, _words in choices]})

    def keep(by: Actor) -> SelfCheckIn:
        return commands.keep_visits(by, row_id=at.row.pk, appointment_ids=form.chosen)

    own = queries.appointment_of(at.row)
    begun = {str(one.pk) for one in expected}
    fixed = [_said(one) for one in (own, *queries.also(at.row)) if one and str(one.pk) not in begun]
    return at.asked(
        rules.VISITS, _("Your visits today"), form, keep, says=False, fixed=fixed, has_more=bool(choices)
    )


def _said(booked: Appointment) -> str:
    return f"{said_time(booked.starts_at.astimezone(booked.location.zone))}, {booked.provider}"


def _contact(at: _At) -> Asked:
    start = at.row.said.get(rules.CONTACT) or queries.contact_of(at.row.patient)
    form = ContactForm(at.data, initial=start)

    def keep(by: Actor) -> SelfCheckIn:
        return commands.keep_contact(by, row_id=at.row.pk, said=form.cleaned_data)

    return at.asked(rules.CONTACT, _("Is this still right?"), form, keep)


def _insurance(at: _At) -> Asked:
    form = InsuranceForm(
        at.data, at.request.FILES or None, initial={"answer": at.row.said.get(rules.INSURANCE)}
    )
    day = at.row.visit.service_on if at.row.visit else at.now.astimezone(at.row.location.zone).date()
    held = coverage.coverage_on(at.row.patient_id, day)

    def keep(by: Actor) -> SelfCheckIn:
        return commands.keep_insurance(
            by, row_id=at.row.pk, answer=form.cleaned_data["answer"], **form.contents()
        )

    plan = held.plan.name if held else ""
    if not plan:  # nothing can be the same
        answer: Any = form.fields["answer"]
        answer.choices, answer.label = answer.choices[1:], _("Your insurance")
    return at.asked(rules.INSURANCE, _("Your insurance"), form, keep, plan=plan)


def _photo_id(at: _At) -> Asked:
    """Ask for pictures of the photo ID. What they say is for the desk alone, so that no picture is shown again here."""
    sent = queries.id_sent(at.row)
    said = at.row.said.get(rules.PHOTO_ID) or "send"
    files = at.request.FILES if at.data is not None else None
    form = PhotoIdForm(at.data, files or None, is_sent=bool(sent), initial={"answer": said})
    is_settled = queries.is_id_settled(at.row)
    if is_settled and not files:
        return at.asked(rules.PHOTO_ID, _("Your photo ID"), None, _passing(at), is_settled=True)

    def keep(by: Actor) -> SelfCheckIn:
        return commands.keep_photo_id(
            by, row_id=at.row.pk, answer=form.cleaned_data["answer"], **form.contents()
        )

    is_new = bool(files) and at.data.get("answer") == "send"
    told: dict[str, Any] = {"sent": sent, "is_new": is_new, "is_settled": is_settled}
    return at.asked(rules.PHOTO_ID, _("Your photo ID"), form, keep, **told)


def _form(at: _At, key: str) -> Asked:
    at_hand = filling.form_at_hand(key)
    if at_hand is None or at_hand.is_retired:
        return at.asked("gone", _("This form is not needed any more"), None, _passing(at))
    today = at.now.astimezone(at.row.location.zone).date()
    is_child = rules.GUARDIAN in at.row.steps
    who = at.row.patient
    start = (
        {"signed_by": "", "relationship": "parent"}
        if is_child
        else {"signed_by": f"{who.given} {who.family}"}
    )
    form = FillForm(at.data, at_hand=at_hand, language=at.language, today=today, initial=start)

    def keep(by: Actor) -> SelfCheckIn:
        return commands.keep_form(
            by,
            row_id=at.row.pk,
            key=key,
            edition=form_version(at.request) or 0,
            language=at.language,
            answers=form.answers(),
            signature=form.signature(),
        )

    return at.asked("form", at_hand.called(at.language), form, keep, at_hand=at_hand)


def _consent(at: _At) -> Asked:
    form = ConsentForm(at.data, initial=at.row.said.get(rules.CONSENT))

    def keep(by: Actor) -> SelfCheckIn:
        return commands.keep_consent(by, row_id=at.row.pk, at_home=form.cleaned_data["place"] == "home")

    return at.asked(rules.CONSENT, _("Your visit by video or phone"), form, keep)


def _guardian(at: _At) -> Asked:
    form = GuardianForm(at.data, initial=at.row.said.get(rules.GUARDIAN))

    def keep(by: Actor) -> SelfCheckIn:
        return commands.keep_guardian(by, row_id=at.row.pk, **form.cleaned_data)

    return at.asked(rules.GUARDIAN, _("Who brings the child today?"), form, keep)


def _money(at: _At) -> Asked:
    """Tell what is to be paid; on the own phone it can be paid here, or at the desk."""
    due, keep, remote = queries.money_due(at.row), _passing(at), at.is_remote
    has_come = at.row.visit_id is not None
    title = _("Your payment today") if has_come else _("Your payment at the visit")
    told: dict[str, Any] = {"due": due, "is_remote": remote, "has_come": has_come}
    charge = paying.paid_alone(at.row) if at.row.is_phone else None
    if charge is not None and charge.is_on_the_way:
        back = _stopping(at)
        told |= {"pays": charge, "is_back": "back" in at.request.GET}
        return at.asked(rules.MONEY, title, None, back, **told)
    told |= {"paid": charge if charge and charge.state == "captured" else None}
    can = paying.payable(at.row, at.now.astimezone(at.row.location.zone).date())
    if can is None:
        return at.asked(rules.MONEY, title, None, keep, **told)
    form = PayForm(
        at.data, sums=_sums(can), ways=_ways(can), initial={"how": paying.DESK, "amount": f"{can.sums[0]}"}
    )
    declined = charge is not None and charge.state == "declined"
    told |= {"can": can, "declined": declined, "is_new": _how(at) not in ("", paying.DESK)}
    return at.asked(rules.MONEY, title, form, _paying(at, form), **told)


def _how(at: _At) -> str:
    return str(at.data.get("how", "")) if at.data is not None else ""


def _sums(can: paying.Payable) -> list[tuple[str, str]]:
    """Return the sums to choose from, each in words."""
    whole, *alone = can.sums
    facts = {"amount": say(whole), "old": say(can.old), "copay": say(can.copay)}
    words = say(whole)
    if can.copay and can.old:
        words = _("%(amount)s: today's copay of %(copay)s, and %(old)s from before") % facts
    part = _("%(copay)s: today's copay only. The rest stays open on your account.") % facts
    return [(f"{whole}", words), *((f"{one}", part) for one in alone)]


def _ways(can: paying.Payable) -> list[tuple[str, str]]:
    """Return the ways to pay; of a kept card the last four digits are shown and nothing else."""
    kept = _("With your card ending in %(last4)s")
    cards = [(f"{paying.CARD}{one.pk}", kept % {"last4": one.last4}) for one in can.cards]
    page = (paying.PAGE, _("With another card, on the card company's own page"))
    return [*cards, page, (paying.DESK, _("I will pay at the desk"))]


def _paying(at: _At, form: PayForm) -> Keep:
    def keep(by: Actor) -> SelfCheckIn:
        how = form.cleaned_data["how"]
        if how == paying.DESK:
            return commands.pay_at_desk(by, row_id=at.row.pk)
        amount = form.cleaned_data["amount"] or form.fields["amount"].choices[0][0]  # type: ignore[attr-defined]
        there = f"{reverse('portal:here-step', args=[at.number])}?back=1"
        try:
            return commands.pay_alone(
                by,
                row_id=at.row.pk,
                amount=Decimal(amount),
                card_id=read_id(how.removeprefix(paying.CARD)),
                back_url=at.request.build_absolute_uri(there),
            )
        except commands.NotNow:
            raise
        except Refusal as no:  # words of the desk are none for patients
            raise commands.NotNow(_("This did not work. Ask at the desk, please.")) from no

    return keep


def _stopping(at: _At) -> Keep:
    def keep(by: Actor) -> SelfCheckIn:
        return commands.pay_at_desk(by, row_id=at.row.pk)

    return keep


def _here(at: _At) -> Asked:
    form = Form(at.data) if at.is_remote else HereForm(at.data)
    booked = at.row.appointment
    zone = at.row.location.zone
    is_time = at.row.visit_id is not None or (
        booked is not None
        and rules.may_say_here(
            at.now.astimezone(zone),
            starts_at=booked.starts_at.astimezone(zone),
            hours=practice.hours_of(at.row.location_id),
        )
    )

    def keep(by: Actor) -> SelfCheckIn:
        is_in_car = form.cleaned_data.get("place") == "car"
        return commands.say_here(by, row_id=at.row.pk, waits_in_car=is_in_car)

    title = _("Tell us when you are ready") if at.is_remote else _("Tell us when you are here")
    told = {"is_time": is_time, "is_remote": at.is_remote}
    return at.asked(rules.HERE, title, form, keep, says=False, **told)


def _passing(at: _At) -> Keep:
    def keep(by: Actor) -> SelfCheckIn:
        return commands.pass_screen(by, row_id=at.row.pk, step=at.row.steps[at.number - 1])

    return keep
