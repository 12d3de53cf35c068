# ruff: noqa: E501 - a fault and its twin are read side by side
"""One fault for each rule about reviews (278), and its near twin: kind, changes, changes of the twin."""

Change = tuple[str, str]
UM = "UM*AR*S*2*21:B**U***Y"
TWO_EVENTS = ("TOO*JP*14*M:O\n", "TOO*JP*14*M:O\nHL*8*4*EV*0\nUM*HS*I\n")

REVIEWS: dict[str, tuple[str, tuple[Change, ...], tuple[Change, ...]]] = {
    "hierarchy.one-event": ("278", (TWO_EVENTS,), ()),
    "authorization.changes-what": ("278", (("REF*BB*AUTH0011\n", ""),), (("REF*BB*AUTH0011", "REF*NT*CASE0011"),)),
    "authorization.admission-day": ("278", (("DTP*435*D8*20260320\n", ""),), (("DTP*435*D8*20260320\n", ""), (UM, UM.replace("AR", "HS")))),
    "authorization.service-unnamed": ("278", (("SV3*AD:D0000*150****1\nTOO*JP*14*M:O\n", ""),), (("SV3*AD:D0000*150****1\nTOO*JP*14*M:O\n", "UM*HS**35\n"),)),
    "authorization.number-missing": ("278R", (("HCR*A1*AUTH0088", "HCR*A1"),), (("HCR*A1*AUTH0088", "HCR*A1"), ("HCR*A2", "HCR*A2*AUTH0088"))),
    "authorization.reason-missing": ("278R", (("HCR*A3**0U", "HCR*A3"),), (("HCR*A3**0U", "HCR*A3"), ("SV1*HC:X0030**UN*2", "SV1*HC:X0030**UN*2\nMSG*NOT NEEDED"))),
    "authorization.refused-and-certified": ("278R", (("UM*HS*I*3*11:B", "AAA*N**57*C\nUM*HS*I*3*11:B"),), (("UM*HS*I*3*11:B\nHCR*A2", "AAA*N**57*C\nUM*HS*I*3*11:B"),)),
    "authorization.decisions-differ": ("278R", (("HCR*A2", "HCR*A1"),), (("HCR*A2", "HCR*A6"),)),
    "dates.review-wrong-way-round": ("278R", (("RD8*20260312-20260430", "RD8*20260430-20260312"),), (("RD8*20260312-20260430", "RD8*20260430-20260430"),)),
    "dates.review-discharge": ("278", (("DTP*096*D8*20260325", "DTP*096*D8*20260319"),), (("DTP*096*D8*20260325", "DTP*096*D8*20260320"),)),
    "dates.certified-until": ("278R", (("DTP*036*D8*20260430", "DTP*036*D8*20260311"),), (("DTP*036*D8*20260430", "DTP*036*D8*20260312"),)),
    "codes.review-service-type": ("278", ((UM, UM.replace("S*2", "S*Z9")),), ((UM, UM.replace("S*2", "S*3")),)),
    "codes.review-diagnosis": ("278", (("ABF:I10", "ABF:I1.0"),), (("ABF:I10", "BF:4019"),)),
    "providers.review-npi": ("278", (("NM1*FA*2*CITY HOSPITAL*****XX*1999990017", "NM1*FA*2*CITY HOSPITAL*****XX*1999990018"),), (("NM1*FA*2*CITY HOSPITAL*****XX*1999990017", "NM1*FA*2*CITY HOSPITAL*****24*1999990018"),)),
    "place.of-review": ("278", ((UM, UM.replace("21:B", "00:B")),), ((UM, UM.replace("21:B", "11:A")),)),
    "units.delivery-half": ("278", (("HSD*DY*5", "HSD*DY"),), (("HSD*DY*5", "HSD*****29*2"),)),
}  # fmt: skip
