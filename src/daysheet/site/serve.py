"""The processes of an office: `python -m daysheet.site.serve pages|jobs|seals|lines`.

`pages` is one uvicorn on a port it shares with its sisters (SO_REUSEPORT): N of these beat one with N
workers, whose hand-over costs 40 ms per answer on a kept-alive connection.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import Any

import uvicorn

PARENT = "DAYSHEET_PARENT_PIPE"
WARMS_AFTER = 20
"""Seconds after the start in which pages come first; then the list of diagnoses is read, a second's work."""


class PageServer(uvicorn.Server):
    """uvicorn that ends the live streams first, so that it can leave within a second."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Close the hub, then wait for the pages that are under way."""
        self.config.app.hub.close()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)
        self._captured_signals.clear()  # an ordered end is exit code 0


def pages(host: str, port: int) -> None:
    """Serve pages, files and streams until SIGTERM."""
    from daysheet.site.asgi import front_door

    door = front_door()
    from daysheet.charges import codes

    warming = threading.Timer(WARMS_AFTER, codes.warm)
    warming.daemon = True
    warming.start()
    config = uvicorn.Config(
        door,
        lifespan="on",
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 * 1024,
    )
    PageServer(config).run(sockets=[shared_socket(host, port)])


def jobs() -> None:
    """Work through the queue until SIGTERM."""
    import django

    django.setup()
    queue_reader().run_worker(concurrency=2, fetch_job_polling_interval=2.0, name=f"daysheet-{os.getpid()}")


def queue_reader() -> Any:
    """Return a reader of the queue beside Django's own app: what a job leaves for later stays in its transaction.

    Were the connector of the one app replaced, as its manual has it, work would be queued over a second
    connection: begun before the facts it speaks of are committed, and left over when they are rolled back.
    """
    from procrastinate.contrib.django import app

    return app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]


def seals() -> None:
    """Chain the diary until SIGTERM."""
    import django

    django.setup()
    from daysheet.kernel.sealing import main as seal

    seal()


def lines(host: str, port: int) -> None:
    """Hear the telephone lines until SIGTERM."""
    import django

    django.setup()
    from daysheet.phones.listening import listen

    def say(sentence: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)

    try:
        listen(host, port, say=say)
    except OSError as no:
        say(
            f"port {port} of {host} cannot be used for telephone lines ({no.strerror}); SIP_PORT names another"
        )
        sys.exit(1)


def shared_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket on a port that several processes of ours share."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol must be named: without it the loop does not switch Nagle's delay off.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    return listener


def leave_with_parent() -> None:
    """End this process when the runner is gone, even by kill -9: its pipe then closes."""
    if not (pipe := os.environ.get(PARENT)):
        return

    def watch() -> None:
        while os.read(int(pipe), 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def main(words: list[str]) -> None:
    """Run one process of the office."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daysheet.site.settings")
    leave_with_parent()
    if words[0] == "pages":
        pages(words[1], int(words[2]))
    elif words[0] == "lines":
        lines(words[1], int(words[2]))
    else:
        {"jobs": jobs, "seals": seals}[words[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
