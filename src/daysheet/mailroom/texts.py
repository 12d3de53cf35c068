"""Text messages and voice calls as they are kept: to whom, which words; and what somebody answers to one."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST = 1600
MOST = 16 * 1024
CHANNELS = ("sms", "voice")
REPLIES = ("sms-reply", "voice-reply")


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message to a number: the words that are shown, or spoken."""

    to: str
    text: str


@dataclass(frozen=True, slots=True)
class TextReply:
    """What came back: from which number, which words or keys, under whose own id."""

    sender: str
    text: str
    id: str


def packed(message: TextMessage, *, number: str) -> bytes:
    """Return a message as its envelope keeps it."""
    return orjson.dumps({"id": number, "to": message.to, "text": message.text})


def packed_reply(reply: TextReply) -> bytes:
    """Return a reply as its envelope keeps it."""
    return orjson.dumps({"id": reply.id, "from": reply.sender, "text": reply.text})


def unpacked(content: bytes) -> TextMessage:
    """Return the message in an envelope of ours."""
    said = orjson.loads(content)
    return TextMessage(said["to"], said["text"])


def read_reply(content: bytes) -> TextReply | None:
    """Return the reply in bytes from outside, or None where they hold none; nothing about them is trusted."""
    if len(content) > MOST:
        return None
    try:
        said: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict):
        return None
    sender, text, key = said.get("from"), said.get("text"), said.get("id")
    if not (isinstance(sender, str) and isinstance(text, str) and isinstance(key, str)):
        return None
    if not NUMBER.fullmatch(sender) or not 1 <= len(key) <= 100 or len(text) > LONGEST:
        return None
    if "\0" in text or "\0" in key:
        return None
    return TextReply(sender, text, key)
