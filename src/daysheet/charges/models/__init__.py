"""Fees, diagnoses and charges; what is expected of a coming visit, and what was said of its price."""

from daysheet.charges.models.estimates import Estimate, EstimateLine, EstimatePolicy, EstimateVersion
from daysheet.charges.models.rates import ContractRate, UsualService
from daysheet.charges.models.slips import Charge, FeeItem, VisitDiagnosis

__all__ = [
    "Charge",
    "ContractRate",
    "Estimate",
    "EstimateLine",
    "EstimatePolicy",
    "EstimateVersion",
    "FeeItem",
    "UsualService",
    "VisitDiagnosis",
]
