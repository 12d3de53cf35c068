"""All that is done with a file of the old system: brought, mapped, looked through, taken in, signed, taken back."""

from daysheet.movein.commands.deciding import decide_alike
from daysheet.movein.commands.files import (
    FileIsUnknown,
    NoTable,
    NotMapped,
    bring_file,
    drop_file,
    end_look,
    give_up_look,
    look,
    look_through,
    note_look,
    set_columns,
    stop_look,
)
from daysheet.movein.commands.maps import MapIsUnknown, forget_map, keep_map
from daysheet.movein.commands.running import (
    NotItsTurn,
    begin_run,
    break_off,
    leave_row,
    stop_run,
    take_batch,
)
from daysheet.movein.commands.signing import ProofIsOff, sign_proof
from daysheet.movein.commands.undoing import CannotUndo, begin_undo, give_up_undo, take_back

__all__ = [
    "CannotUndo",
    "FileIsUnknown",
    "MapIsUnknown",
    "NoTable",
    "NotItsTurn",
    "NotMapped",
    "ProofIsOff",
    "begin_run",
    "begin_undo",
    "break_off",
    "bring_file",
    "decide_alike",
    "drop_file",
    "end_look",
    "forget_map",
    "give_up_look",
    "give_up_undo",
    "keep_map",
    "leave_row",
    "look",
    "look_through",
    "note_look",
    "set_columns",
    "sign_proof",
    "stop_look",
    "stop_run",
    "take_back",
    "take_batch",
]
