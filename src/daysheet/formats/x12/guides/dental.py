"""The loops of a dental claim (837D). Guide 005010X224."""

from daysheet.formats.x12.loop import Grammar, rule

_LINE = rule(
    "2400 LX",
    rule("2420A NM1 1=82"),
    rule("2420B NM1 1=DD"),
    rule("2420C NM1 1=DQ"),
    rule("2420D NM1 1=77"),
    rule("2430 SVD"),
)
_OTHER = rule(
    "2320 SBR",
    rule("2330A NM1 1=IL"),
    rule("2330B NM1 1=PR"),
    rule("2330C NM1 1=DN,P3"),
    rule("2330D NM1 1=82"),
    rule("2330E NM1 1=DQ"),
    rule("2330F NM1 1=85"),
    rule("2330G NM1 1=77"),
    rule("2330H NM1 1=DD"),
)
_CLAIM = rule(
    "2300 CLM",
    rule("2310A NM1 1=DN,P3"),
    rule("2310B NM1 1=82"),
    rule("2310C NM1 1=77"),
    rule("2310D NM1 1=DD"),
    rule("2310E NM1 1=DQ"),
    _OTHER,
    _LINE,
    streamed=True,
)
GRAMMAR_837D = Grammar(
    rule("1000A NM1 1=41"),
    rule("1000B NM1 1=40"),
    rule(
        "2000A HL 3=20",
        rule("2010AA NM1 1=85"),
        rule("2010AB NM1 1=87"),
        rule("2010AC NM1 1=PE"),
        _CLAIM,
        streamed=True,
    ),
    rule("2000B HL 3=22", rule("2010BA NM1 1=IL"), rule("2010BB NM1 1=PR"), _CLAIM, streamed=True),
    rule("2000C HL 3=23", rule("2010CA NM1 1=QC"), _CLAIM, streamed=True),
    _CLAIM,
)
