"""The loops of an institutional claim (837I). Guide 005010X223."""

from daysheet.formats.x12.loop import Grammar, rule

_LINE = rule(
    "2400 LX",
    rule("2410 LIN"),
    rule("2420A NM1 1=72"),
    rule("2420B NM1 1=ZZ"),
    rule("2420C NM1 1=82"),
    rule("2420D NM1 1=DN"),
    rule("2430 SVD"),
)
_OTHER = rule(
    "2320 SBR",
    rule("2330A NM1 1=IL"),
    rule("2330B NM1 1=PR"),
    rule("2330C NM1 1=71"),
    rule("2330D NM1 1=72"),
    rule("2330E NM1 1=ZZ"),
    rule("2330F NM1 1=77"),
    rule("2330G NM1 1=82"),
    rule("2330H NM1 1=DN"),
    rule("2330I NM1 1=85"),
)
_CLAIM = rule(
    "2300 CLM",
    rule("2310A NM1 1=71"),
    rule("2310B NM1 1=72"),
    rule("2310C NM1 1=ZZ"),
    rule("2310D NM1 1=82"),
    rule("2310E NM1 1=77"),
    rule("2310F NM1 1=DN"),
    _OTHER,
    _LINE,
    streamed=True,
)
GRAMMAR_837I = Grammar(
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
