"""Where an installation keeps what is its own: database, documents, secret key, logs."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def clone_dir() -> Path | None:
    """Return the folder of the git clone this program runs from, if it runs from one."""
    root = PACKAGE.parent.parent
    return root if (root / "pyproject.toml").is_file() and PACKAGE.parent.name == "src" else None


def state_dir() -> Path:
    """Return the folder of everything this installation owns; DAYSHEET_STATE names another."""
    if chosen := os.environ.get("DAYSHEET_STATE"):
        return Path(chosen).absolute()
    if clone := clone_dir():
        return clone / "var"
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "daysheet"


def open_state(state: Path) -> Path:
    """Create the state folder when it is not there yet; other people may pass through it at most."""
    if not state.is_dir():
        state.mkdir(parents=True, exist_ok=True)
        state.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return state


def secret_key(state: Path) -> str:
    """Return the key that signs sessions and forms, made once per installation."""
    path = open_state(state) / "secret.key"
    if not path.exists():
        draft = state / f".secret.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, a link never replaces the key another process made
        draft.unlink()
    return path.read_text().strip()
