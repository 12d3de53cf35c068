"""What nobody should type, and somebody will."""

from tests.mailroom.texts import CLAIMS

HOSTILE: tuple[str, ...] = (
    "",
    " ",
    "a\x00b",
    "x" * 300,
    "x" * 70_000,
    "-1",
    "-40.00",
    "0",
    "9" * 40,
    "9999999999.99",
    "1e400",
    "NaN",
    "Infinity",
    "0x1f",
    "\u0663\u0664",  # Arabic digits: Python reads them as numbers
    "\u00b2",  # a digit to str.isdigit, no number to int
    "0001-01-01",
    "1/1/0001",
    "12/31/9999",
    "2/30/2026",
    "13/45/2026",
    "+99999999w",
    "25:99",
    "2026-03-08T02:30",
    "'; drop table patient; --",
    "<script>alert(1)</script>",
    "\u202e\u05e2\u05d1\u05e8\u05d9\u05ea \U0001f600\u200d\U0001f525",
    "not-a-uuid",
    "00000000-0000-0000-0000-000000000000",
    "{{ 7 * 7 }} %s %(x)s",
    "\r\nSet-Cookie: a=b",
    "../../../etc/passwd",
    "~*:^|\\",
)

HOSTILE_FILES: tuple[tuple[str, bytes], ...] = (
    ("empty.csv", b""),
    ("n" * 300 + ".png", b"\x89PNG\r\n\x1a\n"),
    ("../../../etc/passwd", b"code,label,amount\nX0020,../../x,1"),
    ("<script>alert(1)</script>.pdf", b"%PDF-"),
    ("cut.x12", b"ISA*00*          *00*      "),
    ("cut.x12", CLAIMS[: len(CLAIMS) // 2]),
    ("zeroes.x12", b"\x00" * 4000),
    ("noise.bin", bytes(range(256)) * 40),
    ("wide.csv", b"," * 70_000),
    ("money.csv", b"code,label,amount\nX0020,a,-1\nX0021,b,1e400\nX0022,c,NaN\n" + b"\xff\xfe"),
)
