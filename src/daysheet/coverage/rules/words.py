"""A benefit line as a sentence. Every line becomes one, also a line that is not understood."""

from decimal import Decimal

from daysheet.formats import x12
from daysheet.kernel import money

LEFT, MET = "29", "24"
"""EB06: what remains, and what has been used until now."""
VISITS = "VS"


def counted(benefit: x12.Benefit) -> tuple[Decimal | None, str]:
    """Return how many of what a line allows: as the line says (EB09, EB10), else as its HSD does."""
    if benefit.quantity is not None:
        return benefit.quantity, benefit.quantity_qualifier
    for delivery in benefit.deliveries:
        kind, number = (*delivery.values, "", "")[:2]
        if kind and number.replace(".", "", 1).isdecimal() and number.isascii():
            return Decimal(number), kind
    return None, ""


def sentence_of(benefit: x12.Benefit) -> str:
    """Return an EB line as a sentence: what, how much, for which service, for whom, where, how long."""
    parts = [_what(benefit)]
    if benefit.service_types:
        parts.append("for " + ", ".join(_service(code) for code in benefit.service_types))
    parts += [
        _label("coverage_level", benefit.coverage_level),
        _label("network", benefit.network),
        _period(benefit),
        benefit.plan,
        _others(benefit),
        "prior authorization needed" if benefit.authorization == "Y" else "",
        _days(benefit),
        *(f"refused: {_label('aaa', one.reason)} (AAA {one.reason})" for one in benefit.rejections),
    ]
    said = ", ".join(part for part in parts if part)
    return ". ".join([said, *benefit.messages]).rstrip(".") + "."


def _what(benefit: x12.Benefit) -> str:
    name = x12.label("eb", benefit.code) or f"Code {benefit.code or 'missing'} (not known here)"
    if benefit.percent is not None:
        return f"{name} {percent(benefit.percent)}"
    if benefit.amount is not None:
        return f"{name} {money.say(benefit.amount)}"
    if benefit.quantity is not None:
        return f"{name} {benefit.quantity.normalize():f} {benefit.quantity_qualifier}".rstrip()
    return name


def percent(fraction: Decimal) -> str:
    """Return a fraction as people say it: 0.2 is 20%."""
    return f"{(fraction * 100).normalize():f}%"


def _service(code: str) -> str:
    return (x12.label("service_type", code) or f"service type {code}").lower()


def _label(name: str, code: str) -> str:
    return (x12.label(name, code) or f"{name.replace('_', ' ')} {code}").lower() if code else ""


def _period(benefit: x12.Benefit) -> str:
    return _label("period", benefit.period)


def _others(benefit: x12.Benefit) -> str:
    names = [" ".join(filter(None, [party.first, party.name])) for party in benefit.others]
    return ", ".join(name for name in names if name)


def _days(benefit: x12.Benefit) -> str:
    spans = []
    for dates in benefit.dates:
        if dates.starts_on is None:
            continue
        until = f" to {dates.ends_on:%b %-d, %Y}" if dates.ends_on else ""
        what = (x12.label("date", dates.qualifier) or f"date {dates.qualifier}").lower()
        spans.append(f"{what} {dates.starts_on:%b %-d, %Y}{until}")
    return ", ".join(spans)
