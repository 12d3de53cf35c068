"""Small interchanges as text, as they stand on the wire."""


def interchange(
    *segments: str, control: int = 17, sender: str = "NORTHSIDE", receiver: str = "CLEARWATER"
) -> bytes:
    """Return an interchange with these segments inside."""
    blank = f"00*{'':10}*00*{'':10}"
    head = f"ISA*{blank}*ZZ*{sender:<15}*ZZ*{receiver:<15}*260309*1000*^*00501*{control:09}*0*T*:"
    return ("~".join([head, *segments, f"IEA*1*{control:09}"]) + "~").encode()


CLAIMS = interchange(
    "GS*HC*A*B*20260309*1000*17*X*005010X222A1", "ST*837*0001*005010X222A1", "SE*2*0001", "GE*1*17"
)
ANSWER = interchange(
    "GS*HB*B*A*20260309*1001*5*X*005010X279A1",
    "ST*271*0001*005010X279A1",
    "SE*2*0001",
    "GE*1*5",
    control=5,
    sender="CLEARWATER",
    receiver="NORTHSIDE",
)
ACKS = interchange(
    "TA1*000000017*260309*1000*A*000",
    "GS*FA*B*A*20260309*1002*6*X*005010X231A1",
    "ST*999*0001*005010X231A1",
    "SE*2*0001",
    "GE*1*6",
    control=6,
)
