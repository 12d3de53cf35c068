"""Reads one barcode from grey dots on its standard input; run as a program of its own, with little to spend.

A picture comes from outside, and the reader is C++: what goes wrong in it ends this program and not the office.
"""

import sys

SECONDS, BYTES = 10, 1 << 30
TURNS = (0, 6, -6, 12, -12)
"""Degrees: the reader itself bears four of them either way, and any quarter turn."""


def main(width: int, height: int) -> None:
    """Write the bytes of the first PDF417 code in the picture, or nothing."""
    _spend_little()
    import zxingcpp  # these two here alone: no other part of the office needs the reader
    from PIL import Image

    picture = Image.frombytes("L", (width, height), sys.stdin.buffer.read(width * height))
    wanted = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417])
    for turn in TURNS:
        upright = picture.rotate(turn, fillcolor=200, expand=True) if turn else picture
        for found in zxingcpp.read_barcodes(upright, formats=wanted):
            sys.stdout.buffer.write(found.bytes)
            return


def _spend_little() -> None:
    try:
        import resource
    except ImportError:  # a system without limits; the caller's patience is one all the same
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
