"""The only doors to papers and printers."""

from daysheet.documents.commands.papers import (
    UnfitPaper,
    file_document,
    forget_passing,
    keep_document,
    restore_paper,
    strike_paper,
)
from daysheet.documents.commands.printing import (
    NoPrinterHere,
    NoSuchPrint,
    UnsoundStation,
    begin_print,
    drop_print,
    keep_station,
    note_print,
    print_again,
    print_paper,
    retire_station,
)

__all__ = [
    "NoPrinterHere",
    "NoSuchPrint",
    "UnfitPaper",
    "UnsoundStation",
    "begin_print",
    "drop_print",
    "file_document",
    "forget_passing",
    "keep_document",
    "keep_station",
    "note_print",
    "print_again",
    "print_paper",
    "restore_paper",
    "retire_station",
    "strike_paper",
]
