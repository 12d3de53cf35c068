"""Maps of columns that the office keeps by name."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.movein.models import ColumnMap, OldFile

LONGEST = 80


class MapIsUnknown(Refusal):
    """No map of this office has that name, or the name is none."""


@command(needs=Can.IMPORT_DATA)
def keep_map(by: Actor, /, *, file_id: UUID, name: str) -> ColumnMap:
    """Keep the columns of a file by a name; one of that name and kind is written anew."""
    file = OldFile.objects.get(pk=file_id)
    called = " ".join(name.replace("\0", "").split())
    if not called or len(called) > LONGEST:
        sentence = _("Give the map a name of up to %(n)s letters.") % {"n": LONGEST}
        raise MapIsUnknown(sentence, map_name=sentence)
    kept = ColumnMap.objects.select_for_update().filter(kind=file.kind, name=called).first()
    kept = kept or ColumnMap(kind=file.kind, name=called, version=0)
    kept.system, kept.columns, kept.meanings = file.system, file.mapped, file.meanings
    kept.day_first, kept.by_name, kept.at = file.day_first, by.name, by.now
    kept.version += 1
    kept.save()
    OldFile.objects.filter(pk=file.pk).update(map_name=called)
    record(by, "movein.map.kept", kept, kind=file.kind)
    return kept


@command(needs=Can.IMPORT_DATA)
def forget_map(by: Actor, /, *, map_id: UUID) -> None:
    """Forget a map; files that were read by it keep their own columns."""
    kept = ColumnMap.objects.filter(pk=map_id).first()
    if kept is None:
        raise MapIsUnknown(_("That map is gone already."))
    record(by, "movein.map.forgotten", kept, kind=kept.kind)
    kept.delete()
