"""The page that shows whether a printer prints: a PDF of one page, written by hand, with nobody's data."""

from collections.abc import Sequence

SIZES = {"label": (252, 79), "receipt": (226, 340)}
"""Width and height in points: a label of 89 by 28 mm, a strip of 80 mm; every other sort a letter sheet."""
LETTER = (612, 792)
LEFT, LINE = 10, 12


def test_page(sort: str, lines: Sequence[str]) -> bytes:
    """Return the page for a sort of printer, with a frame along its edges and some lines."""
    width, height = SIZES.get(sort, LETTER)
    drawn = [f"0.5 w 4 4 {width - 8} {height - 8} re S", "BT /F1 9 Tf", f"{LEFT} {height - 18} Td {LINE} TL"]
    drawn += [f"({_plain(line)}) Tj T*" for line in lines]
    stream = "\n".join([*drawn, "ET"]).encode("cp1252")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] "
            "/Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>"
        ).encode("ascii"),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(written))
    return written + head + table + tail


def _plain(line: str) -> str:
    """Return a line as a PDF string of the first hundred signs: what its plain font has not is a question mark."""
    told = line.encode("cp1252", "replace").decode("cp1252")[:100]
    return told.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
