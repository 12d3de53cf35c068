"""The built files of the browser: hashed names from the manifest, the sprite of icons."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from markupsafe import Markup, escape

STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "dist" / "manifest.json"
SPRITE = STATIC / "src" / "icons.svg"


def asset(name: str) -> str:
    """Return the address of a built file by its plain name, such as app.js."""
    built = _manifest().get(name)
    if built is None:
        return static(f"dist/{name}")
    return f"{static(f'dist/{built}')}?v={built.split('.')[-2]}"


def sprite() -> Markup:
    """Return the drawing of every icon, to stand once in a page."""
    return Markup(_sprite())  # noqa: S704 - our own file, no input in it


@cache
def icon(name: str, says: str = "") -> Markup:
    """Return one icon; it is decoration unless it says something."""
    if name not in icon_names():
        raise KeyError(f"There is no icon {name!r} in icons.svg.")
    voice = Markup(' role="img" aria-label="{}"').format(says) if says else Markup(' aria-hidden="true"')
    return Markup('<svg class="icon"{}><use href="#i-{}"/></svg>').format(voice, escape(name))


@cache
def icon_names() -> frozenset[str]:
    """Return the names of all drawn icons."""
    parts = _sprite().split('id="i-')[1:]
    return frozenset(part.split('"', 1)[0] for part in parts)


@cache
def _sprite() -> str:
    lines = SPRITE.read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.lstrip().startswith("<!--"))


@cache
def _kept_manifest() -> dict[str, str]:
    return _read_manifest()


def _manifest() -> dict[str, str]:
    return _read_manifest() if settings.DEBUG else _kept_manifest()


def _read_manifest() -> dict[str, str]:
    if not MANIFEST.exists():
        return {}
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return names
