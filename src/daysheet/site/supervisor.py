"""The runner's watch over its processes: started, restarted when they fall, ended together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from daysheet.site.serve import PARENT

PATIENCE = 4.0  # seconds between the request to leave and the order
LONGEST_REST = 15.0
ASKS_AGAIN = 5.0  # seconds until a process that had nothing to do is asked for again
SETTLED = 60.0  # a process that lived so long starts afresh without a rest


@dataclass
class Watched:
    """One process: how it is started, and how it fares."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    started: float = 0.0
    next_start: float = 0.0
    wanted: Callable[[], bool] | None = None
    """Asked now and then before it is started, where it may have nothing to do; once started, it stays."""

    @property
    def alive(self) -> bool:
        """Return whether it runs now."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Several processes under one watch."""

    watched: list[Watched]
    say: Callable[[str], None]
    stopping: bool = False
    _pipe: tuple[int, int] = field(default_factory=os.pipe)

    def ask_to_stop(self, *_: object) -> None:
        """Stop at the next turn: the handler of SIGTERM, SIGINT and SIGHUP."""
        self.stopping = True

    def run(self, *, once_up: Callable[[], bool]) -> None:
        """Watch until asked to stop; `once_up` is asked until it says that the office has opened."""
        opened = False
        try:
            while not self.stopping:
                for one in self.watched:
                    self._look_after(one)
                opened = opened or once_up()
                time.sleep(0.1)
        finally:
            self.end()

    def end(self) -> None:
        """End every process: asked first, then ordered."""
        for one in self.watched:
            if one.alive and one.process:
                one.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for one in self.watched:
            if one.process is None:
                continue
            try:
                one.process.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"{one.name} did not leave in time and was ended")
                one.process.kill()
                one.process.wait()

    def _look_after(self, one: Watched) -> None:
        if one.alive:
            return
        now = time.monotonic()
        if one.process is not None and one.next_start <= one.started:
            one.falls = 1 if now - one.started > SETTLED else one.falls + 1
            rest = min(LONGEST_REST, 0.25 * 2**one.falls)
            one.next_start = now + rest
            self.say(f"{one.name} ended with code {one.process.returncode}; again in {rest:.1f} s")
        if now >= one.next_start:
            if one.wanted and not one.wanted():
                one.next_start = now + ASKS_AGAIN
                return
            one.started = now
            one.next_start = 0.0
            one.process = self._start(one)

    def _start(self, one: Watched) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **one.environment, PARENT: str(self._pipe[0])}
        return subprocess.Popen(
            [sys.executable, "-m", "daysheet.site.serve", *one.words],
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[self._pipe[0]],
            start_new_session=True,  # Ctrl-C reaches the runner alone, which ends the others in order
        )
