"""From our rows to a dentist's claim on the wire (837D): teeth with their surfaces, areas, prostheses."""

from daysheet.charges.models import Charge
from daysheet.claims.facts import Gathered
from daysheet.claims.models import ClaimLine
from daysheet.claims.of_cases import case_claim
from daysheet.claims.parties import line_shared, shared
from daysheet.formats import x12

PRIOR_PLACEMENT = "441"  # 2400 DTP01


def dental_claim(found: Gathered) -> x12.DentalClaim:
    """Return one claim as the wire carries it; its lines say the day (TR3 837D 2400 DTP 472)."""
    assert found.office is not None
    count = len(found.diagnoses)
    claim = x12.DentalClaim(
        **shared(found, found.office),
        lines=tuple(_line(line, count) for line in found.lines),
    )
    return case_claim(found, found.coverage.case, claim) if found.coverage.case is not None else claim


def _line(line: ClaimLine, diagnoses: int) -> x12.DentalLine:
    charge = line.charge
    return x12.DentalLine(
        **line_shared(line, "AD"),
        areas=tuple(charge.areas),
        prosthesis=charge.prosthesis,
        # TR3 837D 2400 SV311: only where the claim names a diagnosis
        pointers=tuple(charge.pointers) if diagnoses else (),
        teeth=tuple(x12.Tooth(one.number, tuple(one.surfaces)) for one in charge.mouth.teeth),
        dates=_prior(charge),
    )


def _prior(charge: Charge) -> tuple[x12.Dates, ...]:
    """Return when the prosthesis was placed that is replaced (TR3 837D 2400 DTP 441)."""
    placed_on = charge.prior_placed_on
    return (x12.Dates(PRIOR_PLACEMENT, placed_on),) if charge.prosthesis == "R" and placed_on else ()
