"""Who gives a kind of visit: all, or the clinicians, teams and specialties that the office has named."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.practice.care_settings import care_settings
from daysheet.practice.models import Provider
from daysheet.schedule.models import AppointmentType, TypeGiver

Givers = Mapping[UUID, frozenset[UUID]]
"""By kind of visit who gives it; a kind that all give is left out."""

GIVERS = """
select g.type_id, array_agg(distinct p.id) filter (where p.id is not null)
from visit_type_giver g
left join provider p on p.practice_id = %(practice)s and p.left_on is null
  and (p.id = g.provider_id or (p.taxonomy <> '' and p.taxonomy = g.taxonomy)
       or exists (select from clinician_team_member m
                  where m.practice_id = %(practice)s and m.team_id = g.team_id and m.provider_id = p.id))
where g.practice_id = %(practice)s and g.type_id = any(%(types)s::uuid[])
group by g.type_id"""


def is_given(type_id: Any) -> Q:
    """Return the condition that the clinician of a row, its `provider`, gives a kind of visit."""
    named = TypeGiver.objects.filter(type_id=type_id)
    theirs = named.filter(
        Q(provider_id=OuterRef("provider_id"))
        | Q(taxonomy=OuterRef("provider__taxonomy")) & ~Q(taxonomy="")
        | Q(team__members__provider_id=OuterRef("provider_id"))
    )
    return ~Q(Exists(named)) | Q(Exists(theirs))


def with_names(types: QuerySet[AppointmentType]) -> QuerySet[AppointmentType]:
    """Return kinds of visit of which `names_somebody` knows whether the office has said who gives them."""
    return types.annotate(names_givers=Exists(TypeGiver.objects.filter(type_id=OuterRef("pk"))))


def names_somebody(kind: AppointmentType) -> bool:
    """Return whether not all give a kind of visit, of those of `with_names`."""
    return bool(vars(kind).get("names_givers"))


def who_gives(type_ids: Collection[UUID]) -> Givers:
    """Return who of those that work here gives some kinds of visit, in one statement."""
    with planned_cursor() as cursor:
        cursor.execute(GIVERS, {"practice": acting_practice_id(), "types": list(type_ids)})
        return {kind: frozenset(who or ()) for kind, who in cursor.fetchall()}


def given_by(givers: Givers, type_id: UUID | None, provider_id: UUID) -> bool:
    """Return whether a clinician gives a kind of visit."""
    return type_id is None or type_id not in givers or provider_id in givers[type_id]


def why_not(kind: AppointmentType, whom: Collection[UUID] | None) -> str:
    """Return in a sentence that none of some clinicians, or of all, gives a kind of visit; nothing where one does."""
    givers = who_gives([kind.pk])
    if kind.pk not in givers or (givers[kind.pk] if whom is None else givers[kind.pk] & set(whom)):
        return ""
    return say_givers(kind.pk, kind.name)


def not_given(type_id: UUID, provider_id: UUID) -> str:
    """Return in a sentence who gives a kind of visit, where a clinician does not; nothing where the clinician does."""
    if given_by(who_gives([type_id]), type_id, provider_id):
        return ""
    return say_givers(type_id, AppointmentType.objects.get(pk=type_id).name)


def say_givers(type_id: UUID, name: str) -> str:
    """Return in a sentence who gives a kind of visit that some give."""
    givers = who_gives([type_id]).get(type_id, frozenset())
    people = [str(one) for one in Provider.objects.filter(pk__in=givers).order_by("rank", "family")]
    if not people:
        return _(
            "Nobody who works here gives %(kind)s. A manager says who does on the visit type's page."
        ) % {"kind": name}
    return _("%(kind)s is given by %(who)s.") % {"kind": name, "who": ", ".join(people)}


def named_of(type_id: UUID) -> dict[str, list[str]]:
    """Return whom the office has named for a kind of visit: clinicians, teams, specialties, as a form shows them."""
    rows = TypeGiver.objects.filter(type_id=type_id).values_list("provider_id", "team_id", "taxonomy")
    told = list(rows)
    return {
        "people": [str(who) for who, _team, _code in told if who],
        "teams": [str(team) for _who, team, _code in told if team],
        "specialties": [code for _who, _team, code in told if code],
    }


def specialties(also: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the specialties of those that work here, and some others, each with who has it in words."""
    has: dict[str, list[str]] = {code: [] for code in also}
    people = Provider.objects.filter(left_on__isnull=True).exclude(taxonomy="")
    for one in people.order_by("taxonomy", "rank", "family"):
        has.setdefault(one.taxonomy, []).append(str(one))
    words = _words()
    return [
        (code, f"{words.get(code, _('Specialty'))} {code}: {', '.join(who) or _('nobody here')}")
        for code, who in sorted(has.items())
    ]


@cache
def _words() -> Mapping[str, str]:
    """Return specialties in the words of the care settings, by their codes."""
    told = (pair for one in care_settings() for pair in one.specialties)
    return {code: name[:1].upper() + name[1:] for name, codes in told for code in codes}
