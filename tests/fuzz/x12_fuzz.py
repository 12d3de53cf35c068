"""Spoilt files against every verb of the X12 library, until the time is over or one of them shows a fault of ours.

`make fuzz` runs ten minutes: guided by coverage where atheris is installed, else by chance alone. A run prints its
seed; `make fuzz SEED=7 CASE=1234` repeats one file of it, and the file lies in var/fuzz.
"""

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.fuzz.driving import VERBS
from tests.fuzz.spoiling import ACTS, samples, sources, spoilt

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "fuzz"
BROUGHT = ROOT / ".boot" / "fuzz"
"""Where `make fuzz` puts atheris."""
SLOWER = 40
"""How many times the work that a clean file needs for each byte a spoilt one may need."""
SMALL = 4000
"""Bytes that a smaller file counts for: some work is the same for every file."""
SHORT = 20_000
"""Bytes of a file that is guided: watching costs several times the work."""


class OutOfProportion(Exception):
    """A file takes a verb more work than its size allows."""


def main() -> int:
    """Fuzz as the command line asks; return 1 where a fault of ours shows."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    asked.add_argument("--case", type=int, help="one file of the seed alone")
    asked.add_argument("--plain", action="store_true", help="by chance alone, though atheris is there")
    told = asked.parse_args()
    if told.case is None and not told.plain and (BROUGHT / "atheris").is_dir():
        return guided(told.seed, int(told.seconds))
    return by_chance(told.seed, told.seconds, told.case)


def by_chance(seed: int, seconds: float, case: int | None) -> int:
    """Try spoilt files by a seed; the same seed gives the same files wherever the same sources are."""
    clean = sources()
    print(f"fuzz: {len(clean)} files, seed {seed}", flush=True)
    pace = paces()
    ends = time.monotonic() + seconds
    number = tried = 0
    worst: Counter[str] = Counter()
    while time.monotonic() < ends:
        number = case or number + 1
        tried += 1
        data = spoilt(Random(f"{seed}:{number}"), clean)
        if fault := one_fault(data, pace, worst):
            kept = keep(data)
            print(f"{fault}\nfuzz: repeat with make fuzz SEED={seed} CASE={number}, or read {kept}")
            return 1
        if case:
            break
    slowest = ", ".join(f"{verb} {times / 10:.1f}" for verb, times in worst.most_common(3))
    print(f"fuzz: {tried} files, no fault; times the work of a clean file: {slowest}", flush=True)
    return 0


def one_fault(data: bytes, pace: dict[str, float], worst: Counter[str]) -> str:
    """Return what one file brings to light, empty for nothing."""
    for name, verb in VERBS.items():
        try:
            times = spent(verb, data) / max(len(data), SMALL) / pace[name]
            if times > SLOWER:  # another program may have held us up: once more decides
                times = min(times, spent(verb, data) / max(len(data), SMALL) / pace[name])
            if times > SLOWER:
                raise OutOfProportion(f"{name}: {times:.0f} times the work of a clean file, a byte.")
        except Exception:
            return f"{traceback.format_exc()}fuzz: {name} fails on {len(data)} bytes"
        worst[name] = max(worst[name], round(times * 10))
    return ""


def paces() -> dict[str, float]:
    """Return what each verb needs for a byte of a clean file, on this machine, the slowest kind of file."""
    files = [samples(kind)[-1] for kind in ("837P", "835", "271", "275", "278R")]
    for verb in VERBS.values():  # tables and rules are read once
        for data in files:
            verb(data)
    return {
        name: max(spent(verb, data) / max(len(data), SMALL) for data in files) for name, verb in VERBS.items()
    }


def spent(verb: Callable[[bytes], None], data: bytes) -> float:
    """Return what a verb needs for a file."""
    began = time.process_time()
    verb(data)
    return time.process_time() - began


def keep(data: bytes) -> Path:
    """Return where a file that shows a fault was put."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{sha256(data).hexdigest()[:12]}.x12"
    path.write_bytes(data)
    return path


def guided(seed: int, seconds: int) -> int:
    """Let atheris look for files that reach new code, beginning with the clean ones; it ends this program itself."""
    sys.path.append(str(BROUGHT))
    import atheris  # it is only here when it was brought

    begin = KEPT / "begin"
    begin.mkdir(parents=True, exist_ok=True)
    clean = tuple(data for data in sources() if len(data) <= SHORT)
    for data in clean:
        (begin / sha256(data).hexdigest()[:16]).write_bytes(data)
    print(f"fuzz: guided by coverage, {len(clean)} files, seed {seed}", flush=True)

    pace: dict[str, float] = {}

    def one(data: bytes) -> None:
        if fault := one_fault(data, pace, Counter()):
            print(f"{fault}\nfuzz: read {keep(data)}", flush=True)
            raise AssertionError(fault)

    def changed(data: bytes, most: int, chosen: int) -> bytes:
        chance = Random(chosen)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(data, most))
        found = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            found = chance.choice(ACTS)(found, chance, clean)
        return bytes(found[:most])

    for name, module in list(sys.modules.items()):
        if name.startswith("daysheet.formats.x12"):
            _watch(atheris, module)
    pace.update(paces())
    words = [sys.argv[0], str(begin), f"-max_total_time={seconds}", f"-seed={seed or 1}", f"-max_len={SHORT}"]
    words += [f"-artifact_prefix={KEPT}/", "-timeout=60", "-print_final_stats=1", "-rss_limit_mb=4096"]
    atheris.Setup(words, one, custom_mutator=changed)
    atheris.Fuzz()
    return 0


def _watch(atheris: object, module: object) -> None:
    """Let atheris count the branches of a module's functions and methods."""
    for owner in (module, *(one for one in vars(module).values() if isinstance(one, type))):
        if getattr(owner, "__module__", getattr(module, "__name__", "")) != getattr(module, "__name__", ""):
            continue
        for one in vars(owner).values():
            code = getattr(one, "__code__", None)
            if code is not None and getattr(one, "__module__", "") == getattr(module, "__name__", ""):
                one.__code__ = atheris.instrument_func(one).__code__  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
