# ruff: noqa: E501 - a fault and its twin are read side by side
"""One fault for each rule about enrolments and premiums, and a near twin: kind, changes, the twin's changes (see faults.py)."""

MARIA = "NM1*IL*1*OCAMPO*MARIA****34*123456781"
JOY = "INS*Y*18*024*08*C**1*TE***D8*20260301"
LEO = "INS*N*19*021*20*A*C***F"

CASES = {
    "balance.members-counted": ("834", (("QTY*ET*2", "QTY*ET*3"),), (("QTY*ET*2\n", ""),)),
    "coverage.subscriber-relationship": (
        "834",
        ((LEO, "INS*N*18*021*20*A*C***F"),),
        ((LEO, "INS*N*01*021*20*A*C***F"),),
    ),
    "coverage.nothing-covered": (
        "834",
        (("HD*021**VIS\nDTP*348*D8*20260403\n", ""),),
        (("HD*021**VIS\nDTP*348*D8*20260403\n", ""), (LEO, "INS*N*19*001*20*A*C***F")),
    ),
    "coverage.ended-without-day": (
        "834",
        (("DTP*357*D8*20260331\n", ""), ("DTP*349*D8*20260330\n", "")),
        (("DTP*357*D8*20260331\n", ""),),
    ),
    "coverage.continued-without-event": (
        "834",
        ((JOY, "INS*Y*18*024*08*C***TE***D8*20260301"),),
        ((JOY, "INS*Y*18*024*08*C**2*TE***D8*20260301"),),
    ),
    "coverage.event-without-continuing": (
        "834",
        ((JOY, "INS*Y*18*024*08*A**1*TE***D8*20260301"),),
        ((JOY, "INS*Y*18*024*08*A***TE***D8*20260301"),),
    ),
    "dates.cover-ends-before-it-begins": (
        "834",
        (("DTP*349*D8*20260330", "DTP*349*D8*20241231"),),
        (("DTP*349*D8*20260330", "DTP*349*D8*20250101"),),
    ),
    "dates.member-birth-in-future": (
        "834",
        (("DMG*D8*20060704", "DMG*D8*20260704"),),
        (("DMG*D8*20060704", "DMG*D8*20260310"),),
    ),
    "dates.member-death": (
        "834",
        ((JOY, JOY.replace("20260301", "20260311")),),
        ((JOY, JOY.replace("20260301", "20260310")),),
    ),
    "identity.corrected-from-what": (
        "834",
        (("NM1*70*1*OKAFORE*JOY\n", ""),),
        (("NM1*70*1*OKAFORE*JOY\n", ""), ("NM1*74*1", "NM1*IL*1")),
    ),
    "identity.member-social-security-number": (
        "834",
        ((MARIA, MARIA.replace("123456781", "923456781")),),
        ((MARIA, MARIA.replace("34*123456781", "ZZ*923456781")),),
    ),
    "codes.medicare-plan": (
        "834",
        ((LEO, "INS*N*19*021*20*A*F***F"),),
        ((LEO, "INS*N*19*021*20*A*B:0***F"),),
    ),
    "place.member-state": (
        "834",
        (("N4*SPRINGFIELD*MA*01103", "N4*SPRINGFIELD*MX*01103"),),
        (("N4*SPRINGFIELD*MA*01103", "N4*SPRINGFIELD*MX*01103*MX"),),
    ),
    "balance.premium-payment": (
        "820",
        (("BPR*I*950*", "BPR*I*1000*"),),
        (("BPR*I*950*", "BPR*I*1000*"), ("ADX*-50*H1\n", "")),
    ),
    "balance.premium": (
        "820",
        (("RMR*IK*INVOICE77**500*600", "RMR*IK*INVOICE77**500*601"),),
        (("RMR*IK*INVOICE77**500*600", "RMR*IK*INVOICE77**500*601"), ("ADX*-100*52", "ADX*-101*52")),
    ),
    "coverage.adjusted-from-what": (
        "820",
        (("**500*600", "**500"),),
        (("**500*600", "**500"), ("ADX*-100*52\n", "")),
    ),
    "dates.premium-period": (
        "820",
        (("20260401-20260430", "20260430-20260401"),),
        (("20260401-20260430", "20260430-20260430"),),
    ),
    "hierarchy.premium-numbers": ("820", (("ENT*2*", "ENT*3*"),), (("ENT*2*", "ENT*02*"),)),
    "identity.sponsor-numbers-differ": (
        "820",
        (("PAY00042*1912345678", "PAY00042*1912345679"),),
        (("PAY00042*1912345678", "PAY00042"),),
    ),
}
