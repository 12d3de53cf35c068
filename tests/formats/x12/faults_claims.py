# ruff: noqa: E501 - a fault and its twin are read side by side
"""Faults of what hospitals, dentists and those who give anaesthesia bill, of other plans and of a plan's days.

Each line: the kind of file, its changes, and the changes of the near twin.
"""

Change = tuple[str, str]
Case = tuple[str, tuple[Change, ...], tuple[Change, ...]]
SPAN = "BI:71:RD8:20260201-20260205"
STAY = ("DTP*434*RD8*20260301-20260304", "DTP*435*DT*202603010915")
STATUS, ROOM = "CL1*1*1*01", "SV2*0120**600*DA*3"
MINUTES = "HC:X0100:AA*120*MJ*45"
COB = "SVD*GRMU1*100*HC:X0020**1"
FILLED = "TOO*JP*14*M:O"
HOSPITAL_VISIT = (
    ("11:A:1", "13:A:1"), ("HI*ABK:K2900:::::::Y", "HI*ABK:K2900"), ("HI*ABF:I10:::::::Y", "HI*ABF:I10"),
    ("HI*BBR:0DB64Z3:D8:20260302\n", ""), (ROOM, "SV2*0270**600*UN*3"),
)  # fmt: skip
MEETS = "LX*1\nSV2"
SECOND = "SBR*S*18*GR200******CI\nOI***Y***Y\nMIA*3\nNM1*IL*1*OCAMPO*MARIA****MI*OT20260003\nNM1*PR*2*GRANITE MUTUAL*****PI*GRMU1\nLX*1\nSV2"
NO_DEPENDENT = (
    ("HL*3*1*22*1", "HL*3*1*22*0"),
    ("HL*4*3*23*0\nPAT*19\nNM1*QC*1*OKAFOR*SAM\nN3*8 OAK ST\nN4*SPRINGFIELD*MA*01103\nDMG*D8*20150704*M\n", ""),
)  # fmt: skip


def own(why: str, born: str) -> tuple[Change, ...]:
    """Sam's mother gets the claim herself: Medicare as a second plan, for this reason."""
    return (
        ("SBR*S**GR200******CI", f"SBR*S*18*GR200**{why}****MB"),
        ("NM1*IL*1*OKAFOR*JOY****MI*BP20260002", f"NM1*IL*1*OKAFOR*JOY****MI*BP20260002\nN3*8 OAK ST\nN4*SPRINGFIELD*MA*01103\nDMG*D8*{born}*F"),
        *NO_DEPENDENT,
    )  # fmt: skip


CLAIMS: dict[str, Case] = {
    # a hospital's codes
    "codes.kind-on-a-bill": ("837I", (("HI*BG:09", "HI*QG:09"),), (("HI*BG:09", "HI*TC:09"),)),
    "codes.on-a-bill": ("837I", (("HI*BG:09", "HI*BG:9"),), (("HI*BG:09", "HI*BG:C1"),)),
    "dates.of-a-code": ("837I", (("BH:11:D8:20260228", "BH:11:D8:20260229"),), (("BH:11:D8:20260228", "BH:11:D8:20260227"),)),
    "dates.code-span-wrong-way-round": ("837I", ((SPAN, "BI:71:RD8:20260205-20260201"),), ((SPAN, "BI:71:RD8:20260205-20260205"),)),
    "dates.occurrence-after-statement": ("837I", (("BH:11:D8:20260228", "BH:11:D8:20260305"),), (("BH:11:D8:20260228", "BH:39:D8:20260305"),)),
    "dates.earlier-stay-after-admission": ("837I", ((SPAN, "BI:71:RD8:20260201-20260302"),), ((SPAN, "BI:71:RD8:20260201-20260301"),)),
    "codes.condition-twice": ("837I", (("HI*BG:09", "HI*BG:09*BG:09"),), (("HI*BG:09", "HI*BG:09*BG:10"),)),
    "codes.value-twice": ("837I", (("HI*BE:80:::3", "HI*BE:80:::3*BE:06:::1*BE:06:::1"),), (("HI*BE:80:::3", "HI*BE:80:::3*BE:06:::1"),)),
    "codes.occurrence-twice": ("837I", (("HI*BH:11:D8:20260228", "HI*BH:11:D8:20260228*BH:11:D8:20260228"),), (("HI*BH:11:D8:20260228", "HI*BH:11:D8:20260228*BH:11:D8:20260227"),)),
    "units.value-amount": ("837I", (("HI*BE:80:::3", "HI*BE:80:::3*BE:01:::500.125"),), (("HI*BE:80:::3", "HI*BE:80:::3*BE:01:::500.12"),)),
    "units.part-of-a-day": ("837I", (("BE:80:::3", "BE:80:::2.5"),), (("BE:80:::3", "BE:80:::3.0"),)),
    "codes.present-on-a-visit": ("837I", (*HOSPITAL_VISIT[:1], ("HI*ABK:K2900:::::::Y", "HI*ABK:K2900"), *HOSPITAL_VISIT[3:]), HOSPITAL_VISIT),
    "codes.present-is-not-asked": ("837I", (("ABF:I10:::::::Y", "ABF:I10:::::::1"),), (("ABF:I10:::::::Y", "ABF:I10"),)),
    "codes.accident-without-cause": ("837I", (("BH:11:D8", "BH:05:D8"),), (("BH:11:D8", "BH:05:D8"), ("HI*BG:09", "HI*BG:09\nHI*ABN:W010XXA"))),
    "codes.death-day-missing": ("837I", ((STATUS, "CL1*1*1*20"),), ((STATUS, "CL1*1*1*20"), ("BH:11:D8:20260228", "BH:55:D8:20260304"))),
    "codes.death-of-somebody-alive": ("837I", (("BH:11:D8:20260228", "BH:55:D8:20260304"),), (("BH:11:D8:20260228", "BH:55:D8:20260304"), (STATUS, "CL1*1*1*20"))),
    "dates.operation-outside-stay": ("837I", (("D8:20260302\nHI*BI", "D8:20260225\nHI*BI"),), (("D8:20260302\nHI*BI", "D8:20260226\nHI*BI"),)),
    "providers.operating": ("837I", (("NM1*72*1*SHAH*DEV****XX*1999990041\n", ""),), (("NM1*72*1*SHAH*DEV****XX*1999990041\n", ""), ("HI*BBR:0DB64Z3:D8:20260302\n", ""))),
    "codes.first-operation": ("837I", (("HI*BBR:", "HI*BBQ:"),), ()),
    "codes.operation-on-a-visit": ("837I", (*HOSPITAL_VISIT[:3], HOSPITAL_VISIT[4]), HOSPITAL_VISIT),
    # a stay and its bill
    "codes.frequency-of-payers": ("837I", (("11:A:1", "11:A:X"),), (("11:A:1", "11:A:Q"),)),
    "codes.status-of-patient": ("837I", ((STATUS, "CL1*1*1*08"),), ((STATUS, "CL1*1*1*06"),)),
    "codes.still-here": ("837I", ((STATUS, "CL1*1*1*30"), ("DTP*096*TM*1100\n", ""), ("BE:80:::3", "BE:80:::4"), (ROOM, "SV2*0120**600*DA*4")), ((STATUS, "CL1*1*1*30"), ("DTP*096*TM*1100\n", ""), ("BE:80:::3", "BE:80:::4"), (ROOM, "SV2*0120**600*DA*4"), ("11:A:1", "11:A:2"))),
    "dates.discharge-of-who-is-here": ("837I", ((STATUS, "CL1*1*1*30"), ("11:A:1", "11:A:2"), ("BE:80:::3", "BE:80:::4"), (ROOM, "SV2*0120**600*DA*4")), ((STATUS, "CL1*1*1*03"),)),
    "dates.discharge-hour-missing": ("837I", (("DTP*096*TM*1100\n", ""),), (("DTP*096*TM*1100\n", ""), ("11:A:1", "21:A:1"))),
    "dates.admission-hour-missing": ("837I", (("DTP*435*DT*202603010915", "DTP*435*D8*20260301"),), (("DTP*435*DT*202603010915", "DTP*435*D8*20260301"), ("11:A:1", "21:A:1"))),
    "codes.admission-type": ("837I", ((STATUS, "CL1*6*1*01"),), ((STATUS, "CL1*5*1*01"),)),
    "codes.admission-source": ("837I", ((STATUS, "CL1*1*7*01"),), ((STATUS, "CL1*1*8*01"),)),
    "codes.admission-source-missing": ("837I", ((STATUS, "CL1*1**01"),), ((STATUS, "CL1*1**01"), *HOSPITAL_VISIT)),
    "codes.newborn-source": ("837I", ((STATUS, "CL1*4*1*01"),), ((STATUS, "CL1*4*5*01"),)),
    "codes.admitting-diagnosis": ("837I", (("HI*ABJ:K2900\n", ""),), (("HI*ABJ:K2900\n", ""), *HOSPITAL_VISIT)),
    "codes.reason-for-visit": ("837I", (*HOSPITAL_VISIT, ("SV2*0300", "SV2*0450")), (*HOSPITAL_VISIT, ("SV2*0300", "SV2*0450"), ("HI*BG:09", "HI*BG:09\nHI*APR:K2900"))),
    "dates.statement-in-future": ("837I", ((STAY[0], "DTP*434*RD8*20260301-20260311"),), ((STAY[0], "DTP*434*RD8*20260301-20260310"), ("BE:80:::3", "BE:80:::9"), (ROOM, "SV2*0120**600*DA*9"))),
    "dates.first-bill-after-admission": ("837I", (("202603010915", "202602280915"),), (("202603010915", "202602280915"), ("11:A:1", "11:A:4"))),
    "dates.further-bill-from-admission": ("837I", (("11:A:1", "11:A:4"),), (("11:A:1", "11:A:4"), ("202603010915", "202602280915"))),
    "units.days-of-the-bill": ("837I", (("BE:80:::3", "BE:80:::4"),), (("BE:80:::3", "BE:80:::2*BE:81:::1"),)),
    "units.days-of-rooms": ("837I", ((ROOM, "SV2*0120**600*DA*4"),), ((ROOM, "SV2*0120**600*DA*2"), ("BE:80:::3", "BE:80:::2*BE:81:::1"))),
    "units.room-by-the-day": ("837I", ((ROOM, "SV2*0120**600*UN*3"),), ((ROOM, "SV2*0270**600*UN*3"),)),
    "codes.room-on-a-visit": ("837I", HOSPITAL_VISIT[:4], HOSPITAL_VISIT),
    "codes.total-as-a-line": ("837I", ((ROOM, "SV2*0001**600*UN*3"),), ((ROOM, "SV2*0270**600*UN*3"),)),
    "balance.not-covered": ("837I", ((ROOM, ROOM + "**600.01"),), ((ROOM, ROOM + "**600"),)),
    "dates.line-of-a-visit": ("837I", (*HOSPITAL_VISIT, ("DTP*472*D8*20260302\n", "")), HOSPITAL_VISIT),
    "coverage.workers-compensation-bill": ("837I", (("GR100******CI", "GR100******WC"),), (("GR100******CI", "GR100******WC"), ("HI*BG:09", "HI*BG:02"))),
    "coverage.auto-bill": ("837I", (("GR100******CI", "GR100******AM"),), (("GR100******CI", "GR100******AM"), ("BH:11:D8", "BH:01:D8"), ("HI*BG:09", "HI*BG:09\nHI*ABN:V4352XA"))),
    # anaesthesia
    "modifiers.anaesthesia-two-ways": ("837P", ((MINUTES, MINUTES.replace("AA", "AA:QK")),), ((MINUTES, MINUTES.replace("AA", "AA:QS")),)),
    "modifiers.anaesthesia-halves": ("837P", ((MINUTES, "HC:X0100:AA*60*MJ*45***1\nDTP*472*D8*20260303\nREF*6R*L0005\nLX*4\nSV1*HC:X0100:QX*60*MJ*45"),), ((MINUTES, "HC:X0100:QK*60*MJ*45***1\nDTP*472*D8*20260303\nREF*6R*L0005\nLX*4\nSV1*HC:X0100:QX*60*MJ*45"),)),
    "modifiers.watched-care-alone": ("837P", ((MINUTES, MINUTES.replace("AA", "QS")),), ((MINUTES, MINUTES.replace("AA", "QZ:QS")),)),
    "modifiers.physical-state-twice": ("837P", ((MINUTES, MINUTES.replace("AA", "AA:P2:P3")),), ((MINUTES, MINUTES.replace("AA", "AA:P3")),)),
    "modifiers.physical-state": ("837P", (("SV1*HC:X0020:25:LT", "SV1*HC:X0020:25:P1"),), (("SV1*HC:X0020:25:LT", "SV1*HC:X0020:25:PT"),)),
    "units.minutes-of-a-day": ("837P", ((MINUTES, MINUTES.replace("*45", "*1441")),), ((MINUTES, MINUTES.replace("*45", "*1440")),)),
    "codes.operation-of-anaesthesia": ("837P", (("HI*ABK:J069\nSBR", "HI*ABK:J069\nHI*BP:X0200\nSBR"),), (("HI*ABK:S8001XA*ABF:J069", "HI*ABK:S8001XA*ABF:J069\nHI*BP:X0200"),)),
    "units.both-sides": ("837P", (("SV1*HC:X0020:25:LT*100*UN*1", "SV1*HC:X0020:50*100*UN*2"),), (("SV1*HC:X0020:25:LT*100*UN*1", "SV1*HC:X0020:50*100*UN*1"),)),
    "units.too-fine": ("837P", (("*80*UN*2*", "*80*UN*1.2345*"),), (("*80*UN*2*", "*80*UN*1.234*"),)),
    # teeth
    "codes.side-of-tooth": ("837D", ((FILLED, "TOO*JP*8*M:O"), ("DN2*8", "DN2*9")), ((FILLED, "TOO*JP*9*M:I"),)),
    "codes.tooth-twice": ("837D", ((FILLED, "TOO*JP*14*M\nTOO*JP*14*O"),), ((FILLED, "TOO*JP*14*M\nTOO*JP*15*O"),)),
    "codes.milk-tooth": ("837D", ((FILLED, "TOO*JP*A*M:O"),), ((FILLED, "TOO*JP*A*M:O"), ("19620314", "20150314"))),
    "codes.missing-tooth-filled": ("837D", (("DN2*8*M", "DN2*14*M"),), (("DN2*8*M", "DN2*14*E"),)),
    "codes.mouth-area": ("837D", (("*100**10**1", "*100**50**1"),), (("*100**10**1", "*100**20**1"),)),
    "place.area-and-tooth": ("837D", (("AD:D0000*150****1", "AD:D0000*150**10**1"),), ()),
    "units.months-of-braces": ("837D", (("DN2*8*M", "DN1*18*24\nDN2*8*M"),), (("DN2*8*M", "DN1*24*24\nDN2*8*M"),)),
    "dates.banding-without-braces": ("837D", (("DN2*8*M", "DTP*452*D8*20260105\nDN2*8*M"),), (("DN2*8*M", "DTP*452*D8*20260105\nDN1*24*18\nDN2*8*M"),)),
    "dates.banding-in-future": ("837D", (("DN2*8*M", "DTP*452*D8*20260311\nDN1*24*18\nDN2*8*M"),), (("DN2*8*M", "DTP*452*D8*20260310\nDN1*24*18\nDN2*8*M"),)),
    "dates.question-beforehand": ("837D", (("*Y*A*Y*Y\nDTP", "*Y*A*Y*Y**********PB\nDTP"),), (("*Y*A*Y*Y\nDTP*472*D8*20260305\n", "*Y*A*Y*Y**********PB\n"),)),
    "dates.earlier-piece-missing": ("837D", (("AD:D0000*150****1", "AD:D0000*150***R*1"),), (("AD:D0000*150****1", "AD:D0000*150***R*1"), (FILLED, FILLED + "\nDTP*441*D8*20200305"))),
    "dates.earlier-piece-after-service": ("837D", (("AD:D0000*150****1", "AD:D0000*150***R*1"), (FILLED, FILLED + "\nDTP*441*D8*20260306")), (("AD:D0000*150****1", "AD:D0000*150***R*1"), (FILLED, FILLED + "\nDTP*441*D8*20260305"))),
    # other plans
    "coverage.second-plan-missing": ("837P", (("SBR*S**GR200", "SBR*T**GR200"),), ()),
    "coverage.last-plan-first": ("837P", (("OTHER1******CI", "OTHER1******MC"),), (("OTHER1******CI", "OTHER1******MC"), ("SBR*S**GR200******CI", "SBR*S**GR200******OF"))),
    "coverage.age-and-medicare": ("837P", own("12", "19800101"), own("12", "19600101")),
    "coverage.medicare-and-accident": ("837P", own("47", "19600101"), (*own("47", "19600101"), ("21:B:7*Y*A*Y*Y", "21:B:7*Y*A*Y*Y**OA"), ("DTP*435*D8*20260304", "DTP*439*D8*20260304\nDTP*435*D8*20260304"))),
    "cob.later-plan-decided": ("837P", (("SBR*S**GR200", "SBR*P**GR200"), ("SBR*P*18*OTHER1", "SBR*S*18*OTHER1")), ()),
    "cob.not-covered-sum": ("837P", (("CAS*PR*1*10\nAMT*D*90\n", "AMT*A8*149\n"), (COB + "\nCAS*CO*45*50\nDTP*573*D8*20260309\n", "")), (("CAS*PR*1*10\nAMT*D*90\n", "AMT*A8*150\n"), (COB + "\nCAS*CO*45*50\nDTP*573*D8*20260309\n", ""))),
    "cob.patient-owes-more": ("837P", (("AMT*D*90", "AMT*D*90\nAMT*EAF*151"),), (("AMT*D*90", "AMT*D*90\nAMT*EAF*150"),)),
    "cob.joined-with-nothing": ("837P", ((COB, COB + "*2"),), ()),
    "cob.two-kinds-of-remarks": ("837I", ((MEETS, SECOND.replace("MIA*3", "MIA*3\nMOA*.8")),), ((MEETS, SECOND),)),
    "units.negative-sum": ("837P", (("AMT*F5*20", "AMT*F5*-20"),), (("AMT*F5*20", "AMT*F5*0"),)),
    "attachments.number-long": ("837P", (("PWK*B4*FX***AC*PAPER2", "PWK*B4*EL***AC*" + "P" * 51),), (("PWK*B4*FX***AC*PAPER2", "PWK*B4*EL***AC*" + "P" * 50),)),
    "codes.decided-procedure": ("837P", ((COB, COB.replace("X0020", "X00 0")),), ((COB, COB.replace("X0020", "X0021")),)),
    "identity.phone": ("837P", (("TE*4135550100", "TE*413-555-0100"),), (("TE*4135550100", "EM*ROSA@OFFICE.EXAMPLE"),)),
    # days of a plan
    "coverage.nothing-asked": ("270", (("EQ*98^30", "EQ***IND"),), (("EQ*98^30", "EQ**HC:X0020"),)),
    "identity.asked-half-number": ("270", (("SAM****MI*BP20260010", "SAM*****BP20260010"),), ()),
    "dates.cover-wrong-way-round": ("271", (("DTP*346*D8*20260101", "DTP*346*D8*20260301\nDTP*347*D8*20260201"),), (("DTP*346*D8*20260101", "DTP*346*D8*20260301\nDTP*347*D8*20260401"),)),
    "coverage.active-outside-days": ("271", (("DTP*346*D8*20260101", "DTP*346*D8*20260101\nDTP*347*D8*20260309"),), (("DTP*346*D8*20260101", "DTP*346*D8*20260101\nDTP*347*D8*20260310"),)),
    "coverage.inactive-within-days": ("271", (("DTP*346*D8*20260101", "DTP*291*RD8*20260101-20261231"), ("EB*1**30**BLUE PPO STANDARD", "EB*6**30")), (("DTP*346*D8*20260101", "DTP*291*RD8*20250101-20251231"), ("EB*1**30**BLUE PPO STANDARD", "EB*6**30"))),
    "coverage.benefit-outside-plan": ("271", (("DTP*346*D8*20260101", "DTP*291*RD8*20260101-20261231"), ("EB*B**98***27*30", "EB*B**98***27*30\nDTP*348*D8*20270101")), (("DTP*346*D8*20260101", "DTP*291*RD8*20260101-20261231"), ("EB*B**98***27*30", "EB*B**98***27*30\nDTP*348*D8*20261231"))),
    "dates.asked-beyond-reach": ("270", (("DTP*291*D8*20260310", "DTP*291*D8*20260401"),), (("DTP*291*D8*20260310", "DTP*291*D8*20260331"),)),
    "balance.benefit-remaining": ("271", (("EB*B**98***27*30", "EB*C*IND*30***23*500\nEB*C*IND*30***29*501"),), (("EB*B**98***27*30", "EB*C*IND*30***23*500\nEB*C*IND*30***29*500"),)),
}  # fmt: skip
