"""The only doors to papers and printers."""

from daysheet.documents.commands.handing import note_handed_over
from daysheet.documents.commands.papers import (
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
    print_test_page,
    retire_station,
)
from daysheet.documents.commands.scanning import (
    NoSuchScan,
    drop_scan,
    look_now,
    note_scan,
    note_scan_folder,
    put_scan_back,
    take_scan,
)
from daysheet.documents.commands.sending import WaitsNoMore, accept_sent, drop_sent, let_wait_again
from daysheet.documents.judging import UnfitPaper

__all__ = [
    "NoPrinterHere",
    "NoSuchPrint",
    "NoSuchScan",
    "UnfitPaper",
    "UnsoundStation",
    "WaitsNoMore",
    "accept_sent",
    "begin_print",
    "drop_print",
    "drop_scan",
    "drop_sent",
    "file_document",
    "forget_passing",
    "keep_document",
    "keep_station",
    "let_wait_again",
    "look_now",
    "note_handed_over",
    "note_print",
    "note_scan",
    "note_scan_folder",
    "print_again",
    "print_paper",
    "print_test_page",
    "put_scan_back",
    "restore_paper",
    "retire_station",
    "strike_paper",
    "take_scan",
]
