# ruff: noqa: E501 - a fault and its twin are read side by side
"""One fault for each rule, and a near twin without it: changes of a clean file (see clean.py)."""

from typing import NamedTuple

from . import faults_enrol
from .faults_claims import CLAIMS, HOSPITAL_VISIT
from .faults_reviews import REVIEWS

Change = tuple[str, str]


class Fault(NamedTuple):
    """What to change in a clean file of a kind, so that one rule speaks; and what to change so that it does not."""

    kind: str
    changes: tuple[Change, ...]
    twin: tuple[Change, ...] = ()
    times: int = 1


def p(*changes: Change, twin: tuple[Change, ...] = (), times: int = 1) -> Fault:
    return Fault("837P", changes, twin, times)


def r(*changes: Change, twin: tuple[Change, ...] = (), times: int = 1) -> Fault:
    return Fault("835", changes, twin, times)


def k(kind: str, *changes: Change, twin: tuple[Change, ...] = (), times: int = 1) -> Fault:
    return Fault(kind, changes, twin, times)


MARIA = "NM1*IL*1*OCAMPO*MARIA****MI*BP20260001\nN3*4 ELM ST\nN4*SPRINGFIELD*MA*01103\nDMG*D8*19620314*F\n"
SAM = "NM1*QC*1*OKAFOR*SAM\nN3*8 OAK ST\nN4*SPRINGFIELD*MA*01103\nDMG*D8*20150704*M\n"
CLM1 = "CLM*C0001*300***11:B:1*Y*A*Y*Y**AA:OA::MA"
CLM2 = "CLM*C0002*150***21:B:7*Y*A*Y*Y"
LINE1 = "SV1*HC:X0020:25:LT*100*UN*1***1:2"
LINE2 = "SV1*HC:X0030:QW*80*UN*2*12**2"
LINE3 = "SV1*HC:X0100:AA*120*MJ*45***1"
LINE4 = "SV1*HC:X0020*150*UN*1***1\n"
SVD = "SVD*GRMU1*100*HC:X0020**1"
OTHER = "SBR*P*18*OTHER1******CI"

FAULTS: dict[str, Fault] = {
    # papers for a claim
    "codes.loinc": k("277RFAI", ("R4:28570-0::LOI", "R4:28570-1::LOI"), twin=(("R4:28570-0::LOI", "R4:34117-2::LOI"),)),
    "codes.asking-category": k("277RFAI", ("STC*R4:28570-0", "STC*A1:28570-0"), twin=(("STC*R4:28570-0", "STC*R3:28570-0"),)),
    "dates.answer-by": k("277RFAI", ("DTP*106*D8*20260409", "DTP*106*D8*20260309"), twin=(("DTP*106*D8*20260409", "DTP*106*D8*20260310"),)),
    "identity.paper-number-twice": k("277RFAI", ("ASKED0002", "ASKED0001"), twin=(("ASKED0002", "ASKED0003"),)),
    "attachments.purpose-and-number": k("275", ("TRN*2*ASKED0002", "TRN*1*ASKED0002"), twin=(("BGN*11*", "BGN*02*"), ("TRN*2*ASKED0001", "TRN*1*A1"), ("TRN*2*ASKED0002", "TRN*1*A2"), ("TRN*2*ASKED0003", "TRN*1*A3"))),
    "attachments.document-missing": k("275", ("22*MARIA OCAMPO WAS WELL.", "0*"), twin=(("22*MARIA OCAMPO WAS WELL.", "1*."),)),
    "attachments.not-base64": k("275", ("BDS*ASC*22*", "BDS*B64*22*"), twin=(("BDS*ASC*22*MARIA OCAMPO WAS WELL.", "BDS*B64*8*TUFSSUE="),)),
    "attachments.form": k("275", ("CAT*AE*IA", "CAT*AE*HL"), twin=(("CAT*AE*IA", "CAT*AE*UL"),)),
    "attachments.answer-without-kind": k("275", ("STC*R4:28570-0::LOI\n", ""), twin=(("BGN*11*", "BGN*02*"), ("TRN*2*ASKED0001", "TRN*1*A1"), ("TRN*2*ASKED0002", "TRN*1*A2"), ("TRN*2*ASKED0003\nSTC*R4:28570-0::LOI\n", "TRN*1*A3\n"))),
    **{code: Fault(*case) for code, case in faults_enrol.CASES.items()},
    # identity
    "identity.insured-number": p((MARIA[:38], "NM1*IL*1*OCAMPO*MARIA\n"), twin=((MARIA[:38], "NM1*IL*1*OCAMPO*MARIA****II*BP20260001\n"),)),
    "identity.insured-birth": p(("DMG*D8*19620314*F\n", ""), twin=(("19620314*F", "19620314*U"),)),
    "identity.insured-address": p(("N3*4 ELM ST\n", ""), twin=(("N3*4 ELM ST", "N3*4 ELM ST*APT 2"),)),
    "identity.half-number": p(("JUNE****XX*1999990025", "JUNE*****1999990025"), twin=(("JUNE****XX*1999990025", "JUNE****XX*1999990041"),)),
    "identity.organization-given-name": p(("NM1*77*2*EAST SIDE ROOMS*****XX", "NM1*77*2*EAST SIDE*ROOMS****XX")),
    "identity.name-without-letters": p(("NM1*QC*1*OKAFOR*SAM", "NM1*QC*1*-*SAM"), twin=(("NM1*QC*1*OKAFOR*SAM", "NM1*QC*1*O*SAM"),)),
    "identity.placeholder-number": p(("MI*BP20260001\nN3", "MI*999999999\nN3"), twin=(("MI*BP20260001\nN3", "MI*999999998\nN3"),)),
    "identity.social-security-number": p(("REF*SY*123456789", "REF*SY*000456789"), twin=(("REF*SY*123456789", "REF*SY*001456789"),)),
    "identity.tax-number": p(("REF*EI*912345678", "REF*EI*91-2345678"), twin=(("REF*EI*912345678", "REF*EI*912345679"),)),
    "identity.given-name": p(("NM1*QC*1*OKAFOR*SAM", "NM1*QC*1*OKAFOR")),
    "identity.last-period-of-a-man": p(("DTP*435*D8*20260304", "DTP*484*D8*20260204\nDTP*435*D8*20260304"),
                                       twin=(("DTP*455*D8*20260301", "DTP*484*D8*20260201\nDTP*455*D8*20260301"),)),
    "identity.claim-number-twice": p((CLM2[:10], "CLM*C0001*")),
    "identity.line-number-twice": p(("REF*6R*L0002", "REF*6R*L0001"), twin=(("REF*6R*L0004", "REF*6R*L0001"),)),
    "identity.line-number-missing": p(("REF*6R*L0002\n", "")),
    "identity.payment-twice": r(("CLP*C0003*1*150*110**12*P0003*11*1\n", "CLP*C0001*1*150*110**12*P0001*11*1\n")),
    "identity.payer-number": r(("EFT0042*1912345678", "EFT0042*A912345678"), ("BPR*I*330*C*ACH*CCP*01*110000000*DA*123456*1912345678", "BPR*I*330*C*ACH*CCP*01*110000000*DA*123456*A912345678")),
    "identity.payer-numbers-differ": r(("EFT0042*1912345678", "EFT0042*1912345679")),
    "identity.payee-tax-number": r(("FAMILY MEDICINE*XX*1999990009", "FAMILY MEDICINE*FI*91234567"), twin=(("FAMILY MEDICINE*XX*1999990009", "FAMILY MEDICINE*FI*912345678"),)),
    "identity.nothing-to-find-by": k("270", ("SAM****MI*BP20260010", "SAM"), twin=(("SAM****MI*BP20260010", "SAM\nDMG*D8*19900101*M"),)),
    "identity.trace-twice": k("270", ("TRN*1*TRACE2", "TRN*1*TRACE1")),
    # hierarchy
    "hierarchy.insured-and-patient": p(("SBR*S**GR200", "SBR*S*18*GR200"), twin=()),
    "hierarchy.patient-unknown": p(("SBR*P*18*GR100", "SBR*P**GR100")),
    "hierarchy.line-numbers": p(("LX*2\n", "LX*4\n")),
    "hierarchy.insured-missing": p(("HL*2*1*22*0\nSBR*P*18*GR100******CI\n" + MARIA + "REF*SY*123456789\nNM1*PR*2*BLUE PPO*****PI*BLUE1\n", ""),
                                  ("HL*3*1*22*1", "HL*2*1*22*1"), ("HL*4*3*23*0", "HL*3*2*23*0")),
    "hierarchy.number": p(("HL*3*1*22*1", "HL*2*1*22*1"), ("HL*4*3*23*0", "HL*4*2*23*0"), twin=()),
    "hierarchy.order": p(("HL*4*3*23*0", "HL*5*3*23*0")),
    "hierarchy.parent": p(("HL*4*3*23*0", "HL*4*9*23*0"), ("HL*3*1*22*1", "HL*3*1*22*0")),
    "hierarchy.parent-of-the-first": p(("HL*1**20*1", "HL*1*1*20*1")),
    "hierarchy.child-missing": p(("HL*2*1*22*0", "HL*2*1*22*1")),
    "hierarchy.child-unannounced": p(("HL*3*1*22*1", "HL*3*1*22*0")),
    # coverage
    "coverage.filing-code": p(("GR100******CI", "GR100")),
    "coverage.medicare-has-no-dependents": p(("SBR*S**GR200******CI", "SBR*S**GR200**12****MB"), twin=(("SBR*S**GR200******CI", "SBR*S**GR200******MC"),)),
    "coverage.medicare-second": p(("SBR*P*18*GR100******CI", "SBR*U*18*GR100******MB"), twin=(("SBR*P*18*GR100******CI", "SBR*U*18*GR100**43****MB"),)),
    "coverage.why-second-of-the-first": p(("SBR*P*18*GR100******CI", "SBR*P*18*GR100**12****CI")),
    "coverage.one-rank-twice": p(("SBR*S**GR200", "SBR*P**GR200"), twin=(("SBR*S**GR200", "SBR*A**GR200"),)),
    "coverage.first-plan-missing": p((OTHER, "SBR*A*18*OTHER1******CI")),
    "coverage.workers-compensation": p(("GR100******CI", "GR100******WC"), twin=(("GR100******CI", "GR100******WC"), ("AA:OA::MA", "AA:EM::MA"))),
    "coverage.auto": p(("GR100******CI", "GR100******AM"), ("AA:OA::MA", "OA"), twin=(("GR100******CI", "GR100******AM"),)),
    "coverage.same-payer-twice": p(("UCHE****MI*OT20260003\nNM1*PR*2*GRANITE MUTUAL*****PI*GRMU1", "UCHE****MI*BP20260002\nNM1*PR*2*GRANITE MUTUAL*****PI*BLUE1"), (SVD, "SVD*BLUE1*100*HC:X0020**1"),
                                  twin=(("NM1*PR*2*GRANITE MUTUAL*****PI*GRMU1", "NM1*PR*2*GRANITE MUTUAL*****PI*BLUE1"), (SVD, "SVD*BLUE1*100*HC:X0020**1"))),
    "coverage.denied-and-paid": r(("CLP*C0001*1*", "CLP*C0001*4*")),
    "coverage.estimate-paid": r(("CLP*C0001*1*", "CLP*C0001*25*")),
    "coverage.forwarded-to-nobody": r(("NM1*TT*2*GRANITE MUTUAL*****PI*GRMU1\n", "")),
    "coverage.notice-method": r(("BPR*I*330*C*ACH*", "BPR*I*330*C*NON*")),
    "coverage.refused-and-answered": k("271", ("MI*BP20260001", "MI*BP20260001\nAAA*N**75*C"), twin=(("MI*BP20260001", "MI*BP20260001\nAAA*Y**75*C"),)),
    "coverage.active-and-inactive": k("271", ("EB*B**98", "EB*6**30\nEB*B**98"), twin=(("EB*B**98", "EB*6**98\nEB*B**98"),)),
    "coverage.copay-without-amount": k("271", ("EB*B**98***27*30", "EB*B**98***27"), twin=(("EB*B**98***27*30", "EB*B**98***27*0"),)),
    "coverage.accepted-or-refused": k("277CA", ("STC*A2:20:PR*20260310*WQ", "STC*A2:20:PR*20260310*U"), twin=(("STC*A2:20:PR*20260310*WQ", "STC*A3:20:PR*20260310*U"),)),
    "coverage.group-answer": k("999", ("IK5*A", "IK5*R"), ("AK9*A*1*1*1", "AK9*A*1*1*0"), twin=(("IK5*A", "IK5*R"), ("AK9*A*1*1*1", "AK9*R*1*1*0"))),
    # providers
    "providers.billing-npi": p(("FAMILY MEDICINE*****XX*1999990009", "FAMILY MEDICINE")),
    "providers.npi": p(("JUNE****XX*1999990025", "JUNE****XX*1999990026"), twin=(("JUNE****XX*1999990025", "JUNE****XX*1999990041"),)),
    "providers.taxonomy": p(("PXC*207R00000X", "PXC*207R000000"), twin=(("PXC*207R00000X", "PXC*207RC0000X"),)),
    "providers.rendering-is-billing": p(("JUNE****XX*1999990025", "JUNE****XX*1999990009")),
    "providers.referring-twice": p(("NM1*DN*1*REFER*RITA****XX*1999990017", "NM1*DN*1*REFER*RITA****XX*1999990017\nNM1*DN*1*FIRST*FAY****XX*1999990041"),
                                   twin=(("NM1*DN*1*REFER*RITA****XX*1999990017", "NM1*DN*1*REFER*RITA****XX*1999990017\nNM1*P3*1*FIRST*FAY****XX*1999990041"),)),
    "providers.primary-care-alone": p(("NM1*DN*1*REFER", "NM1*P3*1*REFER")),
    "providers.referring-number": p(("RITA****XX*1999990017", "RITA"), twin=(("RITA****XX*1999990017", "RITA\nREF*0B*LIC9"),)),
    "providers.provider-is-a-person": p(("REFER*RITA****XX", "REFER*****XX")),
    "providers.bank": r(("*01*110000013*DA*654321*20260312", "*****20260312")),
    "providers.routing-number": r(("*01*110000013*", "*01*110000014*"), twin=(("*01*110000013*", "*01*110000026*"),)),
    "providers.paid-npi": r(("JUNE****XX*1999990025", "JUNE****XX*1999990024")),
    "providers.payee-npi": r(("FAMILY MEDICINE*XX*1999990009", "FAMILY MEDICINE*XX*1999990008")),
    # place
    "place.of-service": p((CLM2, CLM2.replace("21:B", "98:B")), ("DTP*435*D8*20260304\nDTP*096*D8*20260306\n", ""), twin=((CLM2, CLM2.replace("21:B", "10:B")),)),
    "place.of-line": p(("UN*2*12**2", "UN*2*98**2"), twin=(("UN*2*12**2", "UN*2*27**2"),)),
    "place.of-line-is-that-of-the-claim": p(("UN*2*12**2", "UN*2*11**2")),
    "place.kind": p((CLM2, CLM2.replace("21:B", "21:A"))),
    "place.accident-state": p(("AA:OA::MA", "AA:OA"), twin=(("AA:OA::MA", "OA"),)),
    "place.accident-state-unknown": p(("AA:OA::MA", "AA:OA::ZZ"), twin=(("AA:OA::MA", "AA:OA::NH"),)),
    "place.pick-up-without-drop-off": p(("LX*1\n" + LINE1, "NM1*PW*2\nN3*1 ROAD\nN4*SPRINGFIELD*MA*01103\nLX*1\n" + LINE1),
                                        twin=(("LX*1\n" + LINE1, "NM1*PW*2\nN3*1 ROAD\nN4*SPRINGFIELD*MA*01103\nNM1*45*2\nN3*2 ROAD\nN4*SPRINGFIELD*MA*01103\nLX*1\n" + LINE1),)),
    "place.ambulance": p((CLM1, CLM1.replace("11:B", "41:B")), twin=((CLM1, CLM1.replace("11:B", "41:B")), ("HI*ABK:S8001XA", "CR1****A*DH*12\nHI*ABK:S8001XA"))),
    "place.billing-post-box": p(("N3*12 MAIN ST", "N3*P.O. BOX 12"), twin=(("N3*12 MAIN ST", "N3*12 POBOXER ST"),)),
    "place.billing-zip": p(("MA*011040002", "MA*01104")),
    "place.state": p(("SPRINGFIELD*MA*011040002", "SPRINGFIELD*MX*011040002"), twin=(("SPRINGFIELD*MA*011040002", "SPRINGFIELD*PR*011040002"),)),
    "place.state-missing": p(("SPRINGFIELD*MA*011040002", "SPRINGFIELD**011040002"), twin=(("SPRINGFIELD*MA*011040002", "TORONTO**M5V*CA"),)),
    "place.zip": p(("SPRINGFIELD*MA*011040002", "SPRINGFIELD*MA*01104-0002"), twin=(("SPRINGFIELD*MA*011040002", "SPRINGFIELD*MA*011040003"),)),
    "place.zip-missing": p(("SPRINGFIELD*MA*011040002", "SPRINGFIELD*MA")),
    "place.zip-placeholder": p(("SPRINGFIELD*MA*011040002", "SPRINGFIELD*MA*011049999")),
    "place.subdivision-at-home": p(("SPRINGFIELD*MA*011040002", "SPRINGFIELD*MA*011040002****ON")),
    "place.same-address-twice": p(("N3*PO BOX 77\nN4*SPRINGFIELD*MA*011010077", "N3*12 MAIN ST\nN4*SPRINGFIELD*MA*011030001"), twin=(("N3*PO BOX 77", "N3*12 MAIN ST"),)),
    # dates
    "dates.service-in-future": p(("RD8*20260302-20260303", "RD8*20260302-20260311"), twin=(("RD8*20260302-20260303", "RD8*20260302-20260310"),)),
    "dates.wrong-way-round": p(("RD8*20260302-20260303", "RD8*20260303-20260302"), twin=(("RD8*20260302-20260303", "RD8*20260303-20260303"),)),
    "dates.before-birth": p(("DMG*D8*20150704*M", "DMG*D8*20260306*M"), twin=(("DMG*D8*20150704*M", "DMG*D8*20260305*M"),)),
    "dates.birth-in-future": p(("DMG*D8*19620314*F", "DMG*D8*20260311*F"), times=1),
    "dates.birth-long-ago": p(("DMG*D8*19620314*F", "DMG*D8*18620314*F")),
    "dates.accident-missing": p(("DTP*439*D8*20260228\n", ""), twin=(("DTP*439*D8*20260228\n", ""), ("AA:OA::MA", "EM"))),
    "dates.accident-without-cause": p((CLM1, CLM1.replace("**AA:OA::MA", ""))),
    "dates.accident-after-service": p(("DTP*439*D8*20260228", "DTP*439*D8*20260304"), twin=(("DTP*439*D8*20260228", "DTP*439*D8*20260302"),)),
    "dates.onset-after-service": p(("DTP*431*D8*20260228", "DTP*431*D8*20260304"), twin=(("DTP*431*D8*20260228", "DTP*431*D8*20260303"),)),
    "dates.last-seen-after-service": p(("DTP*304*D8*20260301", "DTP*304*D8*20260304")),
    "dates.x-ray-after-service": p(("DTP*455*D8*20260301", "DTP*455*D8*20260304")),
    "dates.first-treatment-after-service": p(("DTP*454*D8*20260301", "DTP*454*D8*20260304")),
    "dates.admission-missing": p(("DTP*435*D8*20260304\n", "")),
    "dates.discharge-before-admission": p(("DTP*096*D8*20260306", "DTP*096*D8*20260303"), twin=(("DTP*096*D8*20260306", "DTP*096*D8*20260304"),)),
    "dates.service-before-admission": p(("DTP*472*D8*20260305", "DTP*472*D8*20260303"), twin=(("DTP*472*D8*20260305", "DTP*472*D8*20260304"),)),
    "dates.service-after-death": p(("PAT*19\n", "PAT*19****D8*20260304\n"), twin=(("PAT*19\n", "PAT*19****D8*20260305\n"),)),
    "dates.paid-in-future": p(("DTP*573*D8*20260309", "DTP*573*D8*20260311"), twin=(("DTP*573*D8*20260309", "DTP*573*D8*20260310"),)),
    "dates.paid-before-service": p(("DTP*573*D8*20260309", "DTP*573*D8*20260304"), twin=(("DTP*573*D8*20260309", "DTP*573*D8*20260305"),)),
    "dates.late": p(("DTP*472*D8*20260305", "DTP*472*D8*20250301"), ("DTP*435*D8*20260304\nDTP*096*D8*20260306\n", "DTP*435*D8*20250301\n"),
                    twin=(("DTP*472*D8*20260305", "DTP*472*D8*20250310"), ("DTP*435*D8*20260304\nDTP*096*D8*20260306\n", "DTP*435*D8*20250301\n"))),
    "dates.service-missing": r(("DTM*472*20260303\n", ""), twin=(("DTM*472*20260303", "DTM*150*20260303"),)),
    "dates.paid-before-service-day": r(("DTM*472*20260303", "DTM*472*20260313"), twin=(("DTM*472*20260303", "DTM*472*20260312"),)),
    "dates.paid-in-the-future": r(("654321*20260312", "654321*20260412"), twin=(("654321*20260312", "654321*20260401"),)),
    "dates.asked-birth-in-future": k("270", ("DMG*D8*19620314", "DMG*D8*20270314")),
    # codes
    "codes.procedure": p((LINE2, LINE2.replace("X0030", "0ZZZZ")), twin=((LINE2, LINE2.replace("X0030", "X003T")),)),
    "codes.procedure-kind": p((LINE2, LINE2.replace("HC:X0030:QW", "ZZ:X0030")), twin=((LINE2, LINE2.replace("HC:X0030:QW", "ER:X0030")),)),
    "codes.procedure-missing": p((LINE2, LINE2.replace("HC:X0030:QW", "WK::"))),
    "codes.drug": p(("N4*12345678901", "N4*1234-5678-90"), twin=(("N4*12345678901", "N4*12345678902"),)),
    "codes.cause": p(("AA:OA::MA", "AA:XX::MA"), twin=(("AA:OA::MA", "AA:EM::MA"),)),
    "codes.diagnosis-missing": p(("HI*ABK:J069\nSBR", "SBR"), twin=()),
    "codes.first-diagnosis": p(("HI*ABK:J069\nSBR", "HI*ABF:J069\nSBR")),
    "codes.two-editions": p(("*ABF:J069", "*BF:4659")),
    "codes.edition": p(("HI*ABK:J069\nSBR", "HI*BK:4659\nSBR"), twin=()),
    "codes.diagnosis-dot": p(("HI*ABK:J069\nSBR", "HI*ABK:J06.9\nSBR")),
    "codes.diagnosis": p(("HI*ABK:J069\nSBR", "HI*ABK:ZZZZZ\nSBR"), twin=(("HI*ABK:J069\nSBR", "HI*ABK:Z0000\nSBR"),)),
    "codes.diagnosis-twice": p(("*ABF:J069", "*ABF:S8001XA"), twin=(("*ABF:J069", "*ABF:S8002XA"),)),
    "codes.cause-as-first-diagnosis": p(("HI*ABK:J069\nSBR", "HI*ABK:W010XXA\nSBR"), twin=(("*ABF:J069", "*ABF:W010XXA"),)),
    "codes.diagnosis-kind": p(("*ABF:J069", "*ABF:J069*QQ:J040")),
    "codes.adjustment-reason": p(("CAS*CO*45*50", "CAS*CO*9999*50"), twin=(("CAS*CO*45*50", "CAS*CO*97*50"),)),
    "codes.remark-of-other-plan": p(("OI***Y***Y", "OI***Y***Y\nMOA***X99999"), twin=(("OI***Y***Y", "OI***Y***Y\nMOA***N130"),)),
    "codes.reason": r(("CAS*PR*3*10", "CAS*PR*9999*10"), twin=(("CAS*PR*3*10", "CAS*PR*2*10"),)),
    "codes.reason-half": r(("CAS*PR*3*10", "CAS*PR*3*10**5*")),
    "codes.reason-of-nothing": r(("CAS*PR*3*10", "CAS*PR*3*10**2*0")),
    "codes.remark": r(("LQ*HE*N130", "LQ*HE*Z99999"), twin=(("LQ*HE*N130", "LQ*HE*M15"),)),
    "codes.paid-procedure": r(("SVC*HC:X0031*", "SVC*HC:X31*")),
    "codes.submitted-is-paid": r(("HC:X0031*100*90**1*HC:X0030", "HC:X0031*100*90**1*HC:X0031")),
    "codes.provider-adjustment": r(("*WO:P0001*10", "*QQ:P0001*10"), twin=(("*WO:P0001*10", "*CS:P0001*10"),)),
    "codes.provider-adjustment-half": r(("*WO:P0001*10", "*WO:P0001*10*CS:X1")),
    "codes.service-type": k("270", ("EQ*98^30", "EQ*98^ZZ9")),
    "codes.benefit-service-type": k("271", ("EB*A**98", "EB*A**ZZ9")),
    "codes.benefit": k("271", ("EB*A**98", "EB*QQ**98"), twin=(("EB*A**98", "EB*C**98"),)),
    "codes.refusal": k("271", ("MI*BP20260001", "MI*BP20260001\nAAA*Y**ZZ*C"), twin=(("MI*BP20260001", "MI*BP20260001\nAAA*Y**72*C"),)),
    "codes.category": k("277CA", ("STC*A2:20:PR*20260310*WQ", "STC*Q9:20:PR*20260310*WQ"), twin=(("STC*A2:20:PR*20260310*WQ", "STC*A1:20:PR*20260310*WQ"),)),
    "codes.status-missing": k("277CA", ("STC*A2:20:PR*", "STC*A2*")),
    # modifiers
    "modifiers.shape": p((LINE2, LINE2.replace(":QW", ":QWX")), twin=((LINE2, LINE2.replace(":QW", ":Q5")),)),
    "modifiers.twice": p((LINE1, LINE1.replace("25:LT", "25:25")), twin=((LINE1, LINE1.replace("25:LT", "25:59")),)),
    "modifiers.gap": p((LINE1, LINE1.replace("25:LT", ":LT"))),
    "modifiers.professional-and-technical": p((LINE1, LINE1.replace("25:LT", "26:TC")), twin=((LINE1, LINE1.replace("25:LT", "26:LT")),)),
    "modifiers.sides": p((LINE1, LINE1.replace("25:LT", "RT:LT"))),
    "modifiers.telehealth-place": p((LINE1, LINE1.replace("25:LT", "95")), twin=((LINE2, "SV1*HC:X0030:95*80*UN*2*10**2"),)),
    "modifiers.waived-test": p(("REF*X4*22D1234567\n", ""), twin=(("REF*X4*22D1234567\n", ""), (LINE2, LINE2.replace(":QW", "")))),
    # units
    "units.drug-unit": p(("CTP****2*ML", "CTP****2*ZZ"), twin=(("CTP****2*ML", "CTP****2*GR"),)),
    "units.drug-quantity": p(("CTP****2*ML", "CTP****0*ML")),
    "units.zero": p((LINE2, LINE2.replace("UN*2", "UN*0"))),
    "units.very-many": p((LINE2, LINE2.replace("UN*2", "UN*10000")), twin=((LINE2, LINE2.replace("UN*2", "UN*9999")),)),
    "units.part-of-a-minute": p((LINE3, LINE3.replace("MJ*45", "MJ*45.5")), twin=((LINE3, LINE3.replace("MJ*45", "MJ*45.0")),)),
    "units.anaesthesia-minutes": p((LINE3, LINE3.replace("MJ*45", "UN*3"))),
    "units.minutes-of-something-else": p((LINE2, LINE2.replace("UN*2", "MJ*20"))),
    "units.cents": p((LINE2, LINE2.replace("*80*", "*80.001*")), ("CLM*C0001*300*", "CLM*C0001*300.001*"), times=2),
    "units.negative-charge": p((LINE2, LINE2.replace("*80*", "*-80*")), ("CLM*C0001*300*", "CLM*C0001*140*")),
    "units.paid-units": r(("HC:X0031*100*90**1*HC:X0030", "HC:X0031*100*90**-1*HC:X0030")),
    "units.paid-cents": r(("HC:X0031*100*90**1*HC:X0030", "HC:X0031*100.001*90.001**1*HC:X0030"), ("CLP*C0001*1*300*250*10", "CLP*C0001*1*300.001*250.001*10"),
                          ("BPR*I*330", "BPR*I*330.001"), times=4),
    "units.amount-and-percent": k("271", ("EB*A**98*****.2", "EB*A**98***27*5*.2")),
    "units.percent": k("271", ("EB*A**98*****.2", "EB*A**98*****20"), twin=(("EB*A**98*****.2", "EB*A**98*****.25"),)),
    # pointers
    "pointers.missing-diagnosis": p((LINE1, LINE1.replace("1:2", "1:3"))),
    "pointers.no-number": p((LINE1, LINE1.replace("1:2", "1:A"))),
    "pointers.twice": p((LINE1, LINE1.replace("1:2", "1:1"))),
    "pointers.gap": p((LINE1, LINE1.replace("1:2", "1::2"))),
    "pointers.too-many": p((LINE1, LINE1.replace("1:2", "1:2:3:4:5")), ("*ABF:J069", "*ABF:J069*ABF:J040*ABF:J041*ABF:J042"),
                           twin=((LINE1, LINE1.replace("1:2", "1:2:3:4")), ("*ABF:J069", "*ABF:J069*ABF:J040*ABF:J041"))),
    "pointers.never-used": p((LINE1, LINE1.replace("1:2", "2")), (LINE3, LINE3.replace("***1", "***2"))),
    # authorization
    "authorization.frequency": p((CLM1, CLM1.replace("11:B:1", "11:B:2"))),
    "authorization.original-missing": p(("REF*F8*PAYER77\n", "")),
    "authorization.original-of-a-new-claim": p((CLM2, CLM2.replace("B:7", "B:1"))),
    "authorization.on-line-too": p(("REF*6R*L0001", "REF*G1*AUTH88\nREF*6R*L0001"), twin=(("REF*6R*L0001", "REF*G1*AUTH99\nREF*6R*L0001"),)),
    "authorization.is-referral": p(("REF*9F*REF77", "REF*9F*AUTH88")),
    "authorization.referral-without-provider": p(("NM1*DN*1*REFER*RITA****XX*1999990017\n", "")),
    "authorization.laboratory": p(("REF*X4*22D1234567", "REF*X4*22X1234567"), twin=(("REF*X4*22D1234567", "REF*X4*22D1234568"),)),
    "authorization.release": p((CLM2, "CLM*C0002*150***21:B:7*Y*A*Y*I"), twin=((CLM2, "CLM*C0002*150***21:B:7*Y*A*N*I"),)),
    # attachments
    "attachments.number-missing": p(("PWK*B4*FX***AC*PAPER2", "PWK*B4*FX"), twin=(("PWK*B4*FX***AC*PAPER2", "PWK*B4*AA"),)),
    "attachments.number-of-a-paper-here": p(("PWK*B4*FX***AC*PAPER2", "PWK*B4*AA***AC*PAPER2")),
    "attachments.number-twice": p(("AC*PAPER2", "AC*PAPER1")),
    "attachments.half-number": p(("PWK*B4*FX***AC*PAPER2", "PWK*B4*FX****PAPER2")),
    "attachments.kind": p(("PWK*B4*FX", "PWK*QQ*FX"), twin=(("PWK*B4*FX", "PWK*M1*FX"),)),
    # cob
    "cob.not-decided": p(("CAS*PR*1*10\nAMT*D*90\n", ""), (SVD + "\nCAS*CO*45*50\nDTP*573*D8*20260309\n", "")),
    "cob.day-missing": p((SVD + "\nCAS*CO*45*50\nDTP*573*D8*20260309\n", ""), ("CAS*PR*1*10", "CAS*PR*1*60"), twin=(
        (SVD + "\nCAS*CO*45*50\nDTP*573*D8*20260309\n", ""), ("CAS*PR*1*10", "CAS*PR*1*60"), ("PI*GRMU1", "PI*GRMU1\nDTP*573*D8*20260309"))),
    "cob.day-twice": p(("PI*GRMU1", "PI*GRMU1\nDTP*573*D8*20260309")),
    "cob.unknown-plan": p((SVD, SVD.replace("GRMU1", "GRMU2")), ("CAS*PR*1*10", "CAS*PR*1*60"), ("PI*GRMU1", "PI*GRMU1\nDTP*573*D8*20260309")),
    "cob.paid-amount-missing": p(("AMT*D*90\n", "")),
    "cob.group-twice": p(("CAS*CO*45*50", "CAS*CO*45*20\nCAS*CO*97*30"), twin=(("CAS*CO*45*50", "CAS*CO*45*20\nCAS*OA*97*30"),)),
    "cob.reason-twice": p(("CAS*CO*45*50", "CAS*CO*45*20**45*30"), twin=(("CAS*CO*45*50", "CAS*CO*45*20**97*30"),)),
    "cob.adjustment-half": p(("CAS*CO*45*50", "CAS*CO*45*50**97")),
    "cob.adjustment-of-nothing": p(("CAS*CO*45*50", "CAS*CO*45*50**97*0")),
    "cob.reversal-sign": r(("CLP*C0003*1*150*110**12*P0003", "CLP*C0003*22*150*110**12*P0004")),
    "cob.negative-payment": r(("CLP*C0003*22*", "CLP*C0003*2*")),
    "cob.recovery-without-claim": r(("*WO:P0001*10", "*WO*10"), twin=(("*WO:P0001*10", "*L6*10"),)),
    # balance
    "balance.claim": p(("CLM*C0001*300*", "CLM*C0001*301*"), twin=(("CLM*C0001*300*", "CLM*C0001*300.00*"),)),
    "balance.other-plan-line": p(("CAS*CO*45*50", "CAS*CO*45*49"), twin=(("CAS*CO*45*50", "CAS*CO*45*50.00"),)),
    "balance.other-plan": p(("CAS*PR*1*10", "CAS*PR*1*11")),
    "balance.patient-paid": p(("AMT*F5*20", "AMT*F5*301"), twin=(("AMT*F5*20", "AMT*F5*300"),)),
    "balance.service": r(("SVC*HC:X0020:25*200*160**1", "SVC*HC:X0020:25*200*161**1")),
    "balance.payment": r(("CLP*C0001*1*300*250*10", "CLP*C0001*1*300*251*10"), ("BPR*I*330", "BPR*I*331")),
    "balance.lines": r(("HC:X0031*100*90**1*HC:X0030", "HC:X0031*101*90**1*HC:X0030"), ("CAS*CO*45*10", "CAS*CO*45*11"), ("NM1*QC*1*OCAMPO", "CAS*CO*45*-1\nNM1*QC*1*OCAMPO")),
    "balance.patient-share": r(("300*250*10*12", "300*250*11*12"), twin=(("300*250*10*12", "300*250**12"),)),
    "balance.transaction": r(("BPR*I*330", "BPR*I*331")),
    "balance.nothing-paid": r(("BPR*I*330*C*ACH", "BPR*H*330*C*NON")),
    "balance.acknowledged": k("999", ("AK9*A*1*1*1", "AK9*A*2*2*1")),
    # what became of claims
    "hierarchy.nothing-asked": k("277", ("HL*7*2*19*0\nNM1*1P*2*EAST SIDE ROOMS*****XX*1999990033\nTRN*1*0\nSTC*E0:24:1P*20260310\n", "HL*7*2*19*0\nNM1*1P*2*EAST SIDE ROOMS*****XX*1999990033\n"), twin=(("TRN*1*0", "TRN*1*ASK3"),)),
    "identity.asked-birth": k("276", ("DMG*D8*19620314*F\n", ""), twin=(("DMG*D8*19620314*F", "DMG*D8*19620314"),)),
    "dates.asked-service-missing": k("276", ("DTP*472*D8*20260305\n", ""), twin=(("DTP*472*RD8*20260302-20260303\n", ""),)),
    "dates.asked-service-in-future": k("276", ("DTP*472*D8*20260305", "DTP*472*D8*20260311"), twin=(("DTP*472*D8*20260305", "DTP*472*D8*20260310"),)),
    "codes.asked-bill-type": k("276", ("REF*BLT*111", "REF*BLT*1"), twin=(("REF*BLT*111", "REF*BLT*013X"),)),
    "providers.asked-npi": k("276", ("XX*1999990009", "XX*1999990008"), twin=(("XX*1999990009", "FI*199999000"),)),
    "balance.asked-lines": k("276", ("AMT*T3*300", "AMT*T3*99.99"), twin=(("AMT*T3*300", "AMT*T3*100"),)),
    "balance.answered-lines": k("277", ("**300*240*", "**99*80*"), twin=(("**300*240*", "**100*80*"),)),
    "balance.answered-payment": k("277", ("**300*240*", "**300*79.99*"), twin=(("**300*240*", "**300*80*"),)),
    "codes.answer-category": k("277", ("STC*F2:88", "STC*G2:88"), twin=(("STC*F2:88", "STC*F4:88"),)),
    "coverage.answer-without-payment": k("277", ("**300*240*", "**300**"), twin=(("STC*F1:65*20260310**300*240*", "STC*F0:3*20260310**300**"),)),
    "coverage.answer-denied-and-paid": k("277", ("**150*0", "**150*10"), twin=(("STC*F2:88:QC*20260310**150*0", "STC*F3:88:QC*20260310**150*10"),)),
    # hospitals and dentists
    "codes.bill-type": k("837I", ("11:A:1", "01:A:1"), twin=(("11:A:1", "18:A:1"),)),
    "codes.bill-frequency": k("837I", ("11:A:1", "11:A")),
    "dates.admission-of-who-lies-in": k("837I", ("DTP*435*DT*202603010915\n", ""), twin=(("DTP*435*DT*202603010915\n", ""), *HOSPITAL_VISIT)),
    "dates.line-outside-statement": k("837I", ("DTP*472*D8*20260302", "DTP*472*D8*20260305"), twin=(("DTP*472*D8*20260302", "DTP*472*D8*20260304"),)),
    "dates.admission-after-statement": k("837I", ("DTP*435*DT*202603010915", "DTP*435*DT*202603050915"), twin=(("DTP*435*DT*202603010915", "DTP*435*DT*202603040915"),)),
    "providers.attending": k("837I", ("NM1*71*1*LEE*JUNE****XX*1999990025\nPRV*AT*PXC*207R00000X\n", ""), twin=(("PRV*AT*PXC*207R00000X\n", ""),)),
    "codes.revenue": k("837I", ("SV2*0300", "SV2*300"), twin=(("SV2*0300", "SV2*0301"),)),
    "codes.present-on-admission": k("837I", ("ABF:I10:::::::Y", "ABF:I10:::::::Q"), twin=(("ABF:I10:::::::Y", "ABF:I10:::::::N"),)),
    "codes.operation": k("837I", ("BBR:0DB64Z3", "BBR:0DB64O3"), twin=(("BBR:0DB64Z3", "BBR:0DB64ZX"),)),
    "codes.dental-procedure": k("837D", ("AD:D0001", "AD:X0001"), twin=(("AD:D0001", "AD:D0002"),)),
    "codes.tooth": k("837D", ("TOO*JP*14", "TOO*JP*33"), twin=(("TOO*JP*14", "TOO*JP*32"),)),
    "codes.surface": k("837D", ("*14*M:O", "*14*M:M"), twin=(("*14*M:O", "*14*M:D"),)),
    "dates.service-of-dental-line": k("837D", ("DTP*472*D8*20260305\n", ""), twin=(("DTP*472*D8*20260305\n", ""), ("REF*6R*T1", "DTP*472*D8*20260305\nREF*6R*T1"), ("REF*6R*T2", "DTP*472*D8*20260305\nREF*6R*T2"))),
}  # fmt: skip
FAULTS |= {code: Fault(*case) for code, case in {**CLAIMS, **REVIEWS}.items()}
