"""How a fact is said: its name, its number with its unit."""

from decimal import Decimal

from django.utils.translation import gettext as _


def said(value: Decimal, unit: str) -> str:
    """Return a number as a reader says it."""
    number = f"{value.normalize():,f}"
    return {
        "usd": _("${number}"),
        "usd/year": _("${number} a year"),
        "usd/hour": _("${number} an hour"),
        "percent": _("{number} %"),
        "months": _("{number} months"),
        "years": _("{number} years"),
        "hours": _("{number} hours"),
        "questions": _("{number} questions"),
        "jobs": _("{number} jobs"),
        "jobs/year": _("{number} openings a year"),
        "year": _("year {plain}"),
        "step": _("step {number}"),
    }[unit].format(number=_cents(value) if unit == "usd/hour" else number, plain=f"{value.normalize():f}")


def label(key: str) -> str:
    """Return what a number is about, from the longest beginning of its key that has a name."""
    end = {"low": _("from"), "high": _("to")}.get(key.rsplit(".", 1)[-1], "")
    names = _names()
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        name = names.get(".".join(parts[:length]))
        if name:
            rest = [part for part in parts[length:] if part not in ("low", "high")]
            more = _more(rest)
            return ", ".join(piece for piece in (f"{name} {more}".strip(), end) if piece)
    return key


def topics() -> dict[str, str]:
    """Return the topics of the numbers, each with its name, in the order of the guide's page."""
    return {
        "pay.national": _("Pay and jobs in the nation"),
        "pay.entry": _("Pay of beginners"),
        "outlook": _("Outlook"),
        "pay.experience": _("Pay by experience"),
        "experience": _("Bands of experience"),
        "pay.setting": _("Pay by workplace"),
        "pay.hourly": _("Pay by the hour"),
        "premium": _("What a certificate is said to add"),
        "ladder": _("The ladder"),
        "duration": _("How long training takes"),
        "program": _("Kinds of programs"),
        "cost": _("Cost"),
        "cert": _("Certificates"),
        "path": _("Steps"),
        "pay.state": _("Pay by state"),
    }


def _names() -> dict[str, str]:
    return {
        **topics(),
        "pay.national.median": _("Median pay"),
        "pay.national.hourly": _("Median pay by the hour"),
        "pay.national.jobs": _("Jobs, by the wage survey"),
        "pay.entry.median": _("Median pay, called entry pay"),
        "outlook.jobs": _("Jobs, by the projections"),
        "outlook.base_year": _("Projection begins"),
        "outlook.target_year": _("Projection ends"),
        "outlook.growth": _("Growth"),
        "outlook.openings": _("Openings"),
        "pay.state.top_part": _("Top part of earners"),
        "pay.state": _("Pay in"),
        "pay.experience": _("Pay, years of experience:"),
        "experience": _("Band of experience"),
        "pay.setting": _("Pay in:"),
        "pay.hourly": _("Pay by the hour:"),
        "premium": _("Said to add:"),
        "ladder": _("Ladder:"),
        "duration.certificate": _("Certificate course"),
        "duration.associate": _("Associate degree"),
        "program": _("Program type:"),
        "cost": _("Cost:"),
        "cost.nha_dues": _("Dues of NHA"),
        "cert": _("Certificate"),
        "path": _("Path:"),
    }


def _more(parts: list[str]) -> str:
    words = {
        "p90": _("(top tenth)"),
        "median": _("(median)"),
        "usd": "",
        "nha_dues": _("dues of NHA"),
        "cmaa": "CMAA",
        "cehrs": "CEHRS",
        "cmom": "CMOM",
        "cmaa_cehrs": _("CMAA and CEHRS"),
        "0_1": "0-1",
        "1_3": "1-3",
        "4_7": "4-7",
        "8": "8+",
        "large_groups": _("large groups"),
        "billing_manager": _("billing manager"),
        "years_low": _("years, from"),
        "years_high": _("years, to"),
    }
    return " ".join(words.get(part, part) for part in parts)


def _cents(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return f"{value:,.0f}" if whole else f"{value:,.2f}"
