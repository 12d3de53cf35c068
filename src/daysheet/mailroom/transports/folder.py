"""A folder: our files in out/, the partner's in in/. A name appears only when its file is whole."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.mailroom.transports import NotDelivered


def send(envelope: Envelope) -> str:
    """Write the envelope into out/; the same envelope again is the same file."""
    control = f"-{envelope.control_number}" if envelope.control_number.isalnum() else ""
    name = f"{envelope.number:08d}-{envelope.kind}{control}.edi"
    try:
        folder = place(envelope.partner) / "out"
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{name}.part"
        with half.open("wb") as file:
            file.write(bytes(envelope.content))
            file.flush()
            os.fsync(file.fileno())
        half.replace(folder / name)
    except OSError as broken:
        raise NotDelivered(f"The folder could not be written ({broken.strerror}).") from broken
    return f"Written into the folder as {name}."


def arrived(partner: TradingPartner) -> Iterator[tuple[Path, bytes]]:
    """Return the whole files that lie in in/, oldest name first."""
    folder = place(partner) / "in"
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith(".") and path.suffix not in {".part", ".tmp"}:
            yield path, path.read_bytes()


def put_away(path: Path) -> None:
    """Move a file that was taken in to in/done/, under a name that is free there."""
    done = path.parent / "done"
    done.mkdir(exist_ok=True)
    target, count = done / path.name, 1
    while target.exists():
        count += 1
        target = done / f"{path.name}.{count}"
    path.replace(target)


def place(partner: TradingPartner) -> Path:
    """Return the partner's folder, inside the office's own mail folder."""
    root = Path(getattr(settings, "MAIL_FOLDERS", settings.STATE / "mail"))
    return root / str(partner.practice_id) / partner.folder
