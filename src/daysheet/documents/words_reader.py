"""Becomes the program that reads printed words, with little to spend and no network; run as a program of its own.

A picture or a PDF comes from outside: what goes wrong in reading it ends this program and not the office.
"""

import os
import sys

SECONDS, BYTES = 20, 2 << 30
DRAW = "--first-page"
SIDE, DOTS_AN_INCH = "720pt", 400.0
FIRST_PAGE = (
    f"#set page(width: {SIDE}, height: {SIDE}, margin: 0pt)\n"
    '#image("/0", format: "pdf", page: 1, width: 100%, height: 100%, fit: "contain")'
).encode()
"""A page of one size whatever came; the PDF is the file that is open as standard input, and no other can be named."""
ALONE = 0x10000000 | 0x40000000
"""CLONE_NEWUSER and CLONE_NEWNET: a network of its own, without a line in it."""


def main(program: str) -> None:
    """Read a picture on standard input, write its words on standard output; never comes back."""
    _spend_little()
    _leave_the_network()
    # "stdin" and "stdout" alone: any other name would be a file or, in some builds, an address to fetch.
    words = [program, "stdin", "stdout", "--psm", "11", "-l", "eng"]
    os.execve(program, words, {"OMP_THREAD_LIMIT": "1"})  # noqa: S606 - without a shell, that is the point


def draw() -> None:
    """Read a PDF on standard input, write its first page as a PNG on standard output."""
    _spend_little()
    _leave_the_network()
    import typst

    page = typst.compile(  # type: ignore[call-overload]
        FIRST_PAGE, root="/dev/fd", format="png", ppi=DOTS_AN_INCH, ignore_system_fonts=True
    )
    sys.stdout.buffer.write(page)


def _spend_little() -> None:
    try:
        import resource
    except ImportError:  # a system without limits; the caller's patience is one all the same
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _leave_the_network() -> None:
    """Where the system allows it; the program asks for no address by itself."""
    try:
        import ctypes

        ctypes.CDLL(None).unshare(ALONE)
    except (ImportError, OSError, AttributeError):
        return


if __name__ == "__main__":
    draw() if sys.argv[1] == DRAW else main(sys.argv[1])
