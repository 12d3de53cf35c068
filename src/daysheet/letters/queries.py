"""What stands at the head of the office's papers."""

from typing import Any

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.practice import queries as practice
from daysheet.ui.words import phone


def frame(by: Actor) -> dict[str, Any]:
    """Return what every paper of the office has around it."""
    return {
        "office": letterhead(),
        "lang": "en",
        "training": Practice.objects.get(pk=by.practice_id).is_training,
        "made_at": by.now.isoformat(),
    }


def letterhead() -> dict[str, Any]:
    """Return the office as a paper shows it: name, address, telephone."""
    office = practice.office()
    if office is None:
        return {"name": Practice.objects.get(pk=str(acting_practice_id())).name, "lines": []}
    zip_code = f"{office.zip[:5]}-{office.zip[5:]}" if len(office.zip) == 9 else office.zip
    town = ", ".join(filter(None, [office.city, f"{office.state} {zip_code}".strip()]))
    lines = [office.street, office.street2, town, phone(office.phone) if office.phone else "", office.email]
    return {"name": office.legal_name, "lines": [line for line in lines if line]}
