"""Names as people say and mistype them: plain letters, sounds, nicknames, near spellings. Pure."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

from nicknames import NickNamer

LONGEST_WORD = 40
MOST_WORDS = 12
NEAR_FROM, NEAR_TO = 4, 20
PARTICLES = frozenset(
    {"de", "la", "del", "da", "di", "du", "el", "al", "los", "las", "van", "von", "der", "y"}
)
STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
UNSPOKEN = str.maketrans("", "", "'’‘`´ʼ")
STARTS = (("kn", "n"), ("gn", "n"), ("pn", "n"), ("wr", "r"), ("ps", "s"), ("wh", "w"), ("x", "s"))
SOUNDS = (
    (r"sch", "s"),
    (r"tch", "x"),
    (r"ch(?=[rlt])", "k"),
    (r"ch", "x"),
    (r"sh", "x"),
    (r"ph", "f"),
    (r"gh(?=[aeiouy])", "g"),
    (r"gh", ""),
    (r"th", "t"),
    (r"dge?", "j"),
    (r"ck", "k"),
    (r"c(?=[eiy])", "s"),
    (r"[cq]", "k"),
    (r"g(?=[eiy])", "j"),
    (r"z", "s"),
    (r"v", "f"),
)


def plain(text: str) -> str:
    """Return a text in small letters without accents and apostrophes, its words parted by one space."""
    low = unicodedata.normalize("NFKD", text.casefold().translate(UNSPOKEN)).translate(STROKES)
    bare = "".join(letter for letter in low if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", bare))


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a name, each once, none longer than an index can hold."""
    found = (word[:LONGEST_WORD] for word in plain(text).split())
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


@lru_cache(maxsize=8192)
def spoken(text: str) -> tuple[str, ...]:
    """Return the words of a name and, when there are several, all of them run together (delacruz)."""
    parts = words(text)
    joined = "".join(parts)[:LONGEST_WORD]
    return (*parts, joined) if len(parts) > 1 else parts


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """Return how a word in Latin letters sounds: consonants alone; empty for other scripts."""
    if not (word.isascii() and word.isalpha()) or word in PARTICLES:
        return ""
    for written, said in STARTS:
        if word.startswith(written):
            word = said + word[len(written) :]
            break
    for written, said in SOUNDS:
        word = re.sub(written, said, word)
    first = "a" if word[:1] in set("aeiouy") else word[:1]
    rest = re.sub(r"[aeiouyhw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", first + rest)


@lru_cache(maxsize=8192)
def one_letter_off(word: str) -> tuple[str, ...]:
    """Return the word with each of its letters left out once; two words that share one are near spellings."""
    if not NEAR_FROM <= len(word) <= NEAR_TO:
        return ()
    return tuple(dict.fromkeys(word[:place] + word[place + 1 :] for place in range(len(word))))


@lru_cache(maxsize=8192)
def full_names(word: str) -> frozenset[str]:
    """Return the full names that a word may be short for, and the word itself: bill, william, willis."""
    return frozenset({word, *_book().canonicals_of(word), *_own().get(word, ())})


def nicknames_agree(one: str, other: str) -> bool:
    """Return whether two given names may be the same name, one or both of them short."""
    return bool(full_names(one) & full_names(other))


def sounds(parts: Iterable[str]) -> set[str]:
    """Return the sounds of several words, silent ones left out."""
    return {said for said in map(sound, set(parts) - PARTICLES) if said}


@cache
def _book() -> NickNamer:
    return NickNamer()


@cache
def _own() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads(resources.files("daysheet.patients").joinpath("nicknames.toml").read_text("utf-8"))
    short: dict[str, tuple[str, ...]] = {}
    for full, shorts in table["short"].items():
        for one in shorts:
            short[one] = (*short.get(one, ()), full)
    return short
