"""Named faults of a request for papers (277RFAI) and of the papers (275)."""

from .fault import Fault
from .spoil import Lines, after, at, composite, drop, put

ASKED, SENT, BOTH = ("277RFAI",), ("275",), ("277RFAI", "275")


def _not_base64(lines: Lines) -> Lines:
    """Put a sign into the first document that base64 does not know; its length stays."""
    place = at(lines, "BDS*B64*")
    head, sign, data = lines[place].rpartition("*")
    return [*lines[:place], f"{head}{sign}?{data[1:]}", *lines[place + 1 :]]


def _empty(lines: Lines) -> Lines:
    """Leave out what stands in the first document, and say so."""
    place = at(lines, "BDS*")
    return [*lines[:place], "BDS*B64*0*", *lines[place + 1 :]]


def _asked_twice(lines: Lines) -> Lines:
    """Ask about a line and a claim more under the number of the first question."""
    first = at(lines, "TRN*1*")
    stop = next(
        (place for place in range(first + 1, len(lines)) if lines[place][:3] in ("HL*", "SE*")), len(lines)
    )
    return [*lines[:stop], *lines[first:stop], *lines[stop:]]


def _other_kind(text: str) -> str:
    """Return a code whose last digit is another."""
    parts = text.split(":")
    parts[1] = parts[1][:-1] + str((int(parts[1][-1]) + 1) % 10)
    return ":".join(parts)


FAULTS: dict[str, Fault] = {
    "paper-kind": Fault(
        BOTH, "a LOINC code's last digit is wrong", put("STC*", 1, _other_kind), "codes.loinc"
    ),
    "paper-category": Fault(
        BOTH, "it is no request for papers", put("STC*", 1, composite(1, "A1")), "codes.asking-category"
    ),
    "asked-twice": Fault(ASKED, "two questions have one number", _asked_twice, "identity.paper-number-twice"),
    "answer-by": Fault(
        ASKED, "the answer is wanted before the question", put("DTP*106*", 3, "20260301"), "dates.answer-by"
    ),
    "no-payer-number": Fault(ASKED, "the payer does not name the claim", drop("REF*1K*"), "segment.missing"),
    "nobody-asks": Fault(ASKED, "nobody is named who asks", drop("NM1*PR*"), "loop.missing"),
    "nobody-is-asked": Fault(ASKED, "no provider is named", drop("NM1*1P*"), "loop.missing"),
    "document-length": Fault(
        SENT, "a document's length is wrong", put("BDS*", 2, "7"), "envelope.document-length"
    ),
    "document-size": Fault(
        SENT, "a document's length cannot be", put("BDS*", 2, "999999999"), "envelope.document-length"
    ),
    "document-empty": Fault(SENT, "a document is empty", _empty, "attachments.document-missing"),
    "document-not-base64": Fault(SENT, "a document is not in base64", _not_base64, "attachments.not-base64"),
    "document-form": Fault(
        SENT, "a picture goes for a document by HL7", put("CAT*AE*IA", 2, "HL"), "attachments.form"
    ),
    "two-numbers": Fault(SENT, "a paper has two numbers", after("LX*1", "TRN*1*A9"), "segment.too-many"),
    "paper-number": Fault(SENT, "a paper has no number", drop("TRN*"), "segment.missing"),
    "purpose": Fault(SENT, "there is no such purpose", put("BGN*", 1, "99"), "element.value"),
    "no-provider": Fault(SENT, "nobody is named who treated", drop("NM1*1P*"), "loop.missing"),
}
