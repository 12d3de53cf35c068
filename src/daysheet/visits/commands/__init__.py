"""The acts on a visit."""

from daysheet.visits.commands.arriving import (
    AlreadyHere,
    AlreadyImported,
    NotToBeSeen,
    NotToday,
    arrive,
    import_visit,
    walk_in,
)
from daysheet.visits.commands.asking import (
    RuleIsUnsound,
    RuleStandsAlready,
    add_check_in_rule,
    change_check_in_rule,
    drop_check_in_rule,
    take_up_check_in_rule,
)
from daysheet.visits.commands.authorizing import count_under_authorizations
from daysheet.visits.commands.cases import VisitIsOver, put_visit_under
from daysheet.visits.commands.flow import (
    NothingToUndo,
    StepsAreOpen,
    WrongState,
    check_in,
    check_out,
    left_without_being_seen,
    move_on,
    step_back,
)
from daysheet.visits.commands.importing import PastVisit, import_visits
from daysheet.visits.commands.steps import NoSuchStep, do_step, not_now, undo_step

__all__ = [
    "AlreadyHere",
    "AlreadyImported",
    "NoSuchStep",
    "NotToBeSeen",
    "NotToday",
    "NothingToUndo",
    "PastVisit",
    "RuleIsUnsound",
    "RuleStandsAlready",
    "StepsAreOpen",
    "VisitIsOver",
    "WrongState",
    "add_check_in_rule",
    "arrive",
    "change_check_in_rule",
    "check_in",
    "check_out",
    "count_under_authorizations",
    "do_step",
    "drop_check_in_rule",
    "import_visit",
    "import_visits",
    "left_without_being_seen",
    "move_on",
    "not_now",
    "put_visit_under",
    "step_back",
    "take_up_check_in_rule",
    "undo_step",
    "walk_in",
]
