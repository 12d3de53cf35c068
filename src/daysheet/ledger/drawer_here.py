"""Which drawer cash goes through: that of the station where it is taken, else one's own, else the door's."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.ledger.models import CashDrawer


def drawer_here(there: Sequence[CashDrawer], by: Actor) -> tuple[CashDrawer | None, str]:
    """Return which drawer of a door and a day is for who sits here, or none and why.

    At a station one's own drawer that stands there; a machine that knows no station leads to one's only drawer.
    Then one's own that stands at no station, then the door's. A drawer that was closed is not passed over.
    """
    own = [one for one in there if one.keeper_id and one.keeper_id == by.user_id]
    here = [one for one in there if one.station_id and one.station_id == by.station_id]
    open_here = next((one for one in here if one.closed_at is None), None)
    mine_here = next((one for one in here if one in own), None)
    if mine_here and open_here in (None, mine_here):
        return mine_here, ""
    bare = next((one for one in own if one.station_id is None), None)
    if bare:
        return bare, ""
    if own and by.station_id is None:
        still = [one for one in own if one.closed_at is None] or own[-1:]
        if len(still) == 1:
            return still[0], ""
        names = _(" and ").join(str(one.station) for one in still)
        return None, _("You have drawers at %(stations)s. Take the cash at one of them.") % {
            "stations": names
        }
    doors = next((one for one in there if one.keeper_id is None), None)
    if doors:
        return doors, ""
    if open_here:
        return None, is_held(open_here)
    if own:
        said = _("Your drawer stands at %(station)s. Take the cash there, or open one here first.")
        return None, said % {"station": own[0].station}
    return None, _("The drawers here are kept by others. Open one of your own first.")


def is_held(drawer: CashDrawer) -> str:
    """Return who holds the drawer of a station, in a sentence."""
    said = _(
        "%(who)s holds the drawer at %(station)s until it is counted and closed. Work from another station, "
        "or let it be closed first."
    )
    return said % {"who": drawer.keeper, "station": drawer.station}
