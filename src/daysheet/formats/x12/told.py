"""What a file says as plain values for a program: one record for each claim, payment, answer, status."""

from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .documents import stream
from .guides.eligibility import AnswerBatch, InquiryBatch
from .guides.request import RequestBatch
from .guides.review import AuthorizationRequestBatch, AuthorizationResponseBatch
from .guides.status import StatusReport
from .guides.status_answer import StatusAnswerFile
from .guides.status_inquiry import StatusInquiryFile
from .segment import Segment
from .text import Source


def told(source: Source) -> Iterator[dict[str, Any]]:
    """Return one record for each claim, remitted claim, question, answer, status, review or acknowledgement.

    Amounts are texts, days are YYYY-MM-DD, what is empty is left out; `set` and `control` say where it stood.
    """
    for tset, content in stream(source):
        for one in _parts(content):
            yield {"set": tset.kind, "control": tset.control_number, **_plain(one)}


def _parts(content: object) -> Iterator[object]:
    """Give the pieces of a set that a person counts one by one."""
    if isinstance(content, InquiryBatch | StatusInquiryFile):
        yield from content.inquiries
    elif isinstance(content, AnswerBatch | StatusAnswerFile):
        yield from content.answers
    elif isinstance(content, AuthorizationRequestBatch | AuthorizationResponseBatch):
        yield from content.authorizations
    elif isinstance(content, StatusReport):
        for provider in content.providers:
            yield from provider.claims
    elif isinstance(content, RequestBatch):
        for asked in content.providers:
            yield from asked.requests
    else:
        yield content


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        found = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {name: one for name, one in found.items() if one not in ("", None, [], {})}
    if isinstance(value, Segment):
        return value.text()
    if isinstance(value, bytes):
        return b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
