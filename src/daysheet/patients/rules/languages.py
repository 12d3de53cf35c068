"""The languages of patients as a chart keeps them, and what other systems call the same ones. Pure."""

import re
from collections.abc import Mapping

ENGLISH, ANOTHER = "en", "und"
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "en": ("eng", "english", "american english"),
    "es": ("spa", "spanish", "castilian", "español", "espanol"),
    "ar": ("ara", "arabic"),
    "zh": ("zho", "chi", "chinese", "mandarin", "cantonese", "yue", "cmn"),
    "fr": ("fra", "fre", "french"),
    "ht": ("hat", "haitian", "haitian creole", "creole", "kreyol", "kreyòl"),
    "ko": ("kor", "korean"),
    "pt": ("por", "portuguese"),
    "ru": ("rus", "russian"),
    "so": ("som", "somali"),
    "tl": ("tgl", "fil", "tagalog", "filipino", "pilipino"),
    "vi": ("vie", "vietnamese"),
    "ase": ("sgn", "asl", "american sign language", "sign language"),
    "und": ("other", "another language"),
}
"""By the code of the chart (ISO 639-1, or 639-3 where that has none): the codes of ISO 639-2, and names."""
NOT_SAID = frozenset(
    {"declined", "declined to specify", "patient declined", "refused", "unspecified", "unreported"}
)
_CODES = {name: code for code, names in SPOKEN.items() for name in (code, *names)}


def language_of(text: str) -> str:
    """Return the code a chart keeps for a language: "es-MX", "spa" and "Spanish; Castilian" are es.

    Empty where none is said, "und" where it is one that no chart has a code for.
    """
    said = " ".join(text.split()).casefold()
    if not said or said in NOT_SAID:
        return ""
    if found := re.fullmatch(r"([a-z]{2,3})[-_][a-z0-9_-]+", said):
        said = found[1]
    names = [said, *(part.strip() for part in re.split(r"[;,(/]| - ", said))]
    return next((_CODES[name] for name in names if name in _CODES), ANOTHER)
