"""Teams of clinicians, and the languages in which each sees patients."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.practice.models import Provider
from daysheet.schedule.models import AppointmentType, ClinicianTeam, ProviderLanguage, TeamMember


class StrangeTeam(Refusal):
    """The team has no name or no clinician, or is gone."""


@command(needs=Can.MANAGE_OFFICE)
def add_team(by: Actor, /, *, name: str, provider_ids: Collection[UUID]) -> ClinicianTeam:
    """Name some clinicians as a team. Refuses a name that is in use."""
    _makes_sense(name, provider_ids)
    with refusing(clinician_team_name_is_free=_taken()):
        team = ClinicianTeam.objects.create(name=name.strip())
    _name_members(team, provider_ids)
    record(by, "schedule.team.added", team, name=team.name, clinicians=[str(one) for one in provider_ids])
    return team


@command(needs=Can.MANAGE_OFFICE)
def change_team(
    by: Actor, /, *, team_id: UUID, version: int | None, name: str, provider_ids: Collection[UUID]
) -> ClinicianTeam:
    """Say anew who is in a team. Raises StrangeTeam or StaleForm."""
    _makes_sense(name, provider_ids)
    team = _held(team_id)
    if version is not None and team.version != version:
        raise StaleForm(_("Somebody changed this team meanwhile. Look at it again, then decide."))
    team.name, team.version = name.strip(), team.version + 1
    with refusing(clinician_team_name_is_free=_taken()):
        team.save(update_fields=["name", "version"])
    team.members.all().delete()
    _name_members(team, provider_ids)
    record(by, "schedule.team.changed", team, name=team.name, clinicians=[str(one) for one in provider_ids])
    return team


@command(needs=Can.MANAGE_OFFICE)
def remove_team(by: Actor, /, *, team_id: UUID) -> None:
    """Forget a team; its clinicians stay. Raises StrangeTeam while a visit type is given by it."""
    team = _held(team_id)
    kind = AppointmentType.objects.filter(givers__team=team).order_by("rank", "name").first()
    if kind is not None:
        raise StrangeTeam(
            _(
                "%(kind)s is given by this team. Say on the visit type's page who gives it, then remove the team."
            )
            % {"kind": kind}
        )
    record(by, "schedule.team.removed", team, name=team.name)
    team.delete()


@command(needs=Can.MANAGE_OFFICE)
def set_languages(by: Actor, /, *, provider_id: UUID, languages: Collection[str]) -> list[str]:
    """Say in which languages, beside English, a clinician sees patients."""
    if not Provider.objects.filter(pk=provider_id).exists():
        raise Refusal(_("That clinician is not on the books."))
    spoken = sorted(set(languages) - {"en"})
    if any(len(one) > 8 or not one.isalpha() for one in spoken):
        raise Refusal(_("Choose one of the list."), languages=_("Choose one of the list."))
    # Two managers at once: the later one's list stands.
    Provider.objects.select_for_update(of=("self",)).get(pk=provider_id)
    ProviderLanguage.objects.filter(provider_id=provider_id).delete()
    ProviderLanguage.objects.bulk_create(
        ProviderLanguage(provider_id=provider_id, language=one) for one in spoken
    )
    record(by, "schedule.languages.set", provider=str(provider_id), languages=spoken)
    return spoken


def _held(team_id: UUID) -> ClinicianTeam:
    team = ClinicianTeam.objects.select_for_update(of=("self",)).filter(pk=team_id).first()
    if team is None:
        raise StrangeTeam(_("That team is not on the books any more."))
    return team


def _makes_sense(name: str, provider_ids: Collection[UUID]) -> None:
    if not name.strip():
        raise StrangeTeam(_("A team needs a name."), name=_("Write a name."))
    if not provider_ids:
        raise StrangeTeam(_("A team has at least one clinician."), people=_("Choose at least one."))
    if Provider.objects.filter(pk__in=list(provider_ids)).count() != len(set(provider_ids)):
        raise StrangeTeam(_("That clinician is not on the books."), people=_("Choose another."))


def _name_members(team: ClinicianTeam, provider_ids: Iterable[UUID]) -> None:
    TeamMember.objects.bulk_create(
        TeamMember(team=team, provider_id=one) for one in sorted(set(provider_ids))
    )


def _taken() -> StrangeTeam:
    return StrangeTeam(
        _("There is a team of that name already. Choose another name."), name=_("This name is in use.")
    )
