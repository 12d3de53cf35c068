"""All that is done with coverage: payers and plans, a patient's coverages, the question and the answer."""

from daysheet.coverage.commands.coverages import (
    CoverageIsUnknown,
    DaysAreWrong,
    RankIsTaken,
    SubscriberIsMissing,
    add_coverage,
    change_coverage,
    end_coverage,
    mark_entered_in_error,
)
from daysheet.coverage.commands.eligibility import (
    CannotAsk,
    NoSuchQuestion,
    ask_eligibility,
    give_up_waiting,
    read_answer,
)
from daysheet.coverage.commands.ordering import (
    Holder,
    NotTheirPlan,
    OrderIsOpen,
    put_in_order,
    say_who_holds,
)
from daysheet.coverage.commands.payers import PayerIsKnown, PayerIsUnknown, add_payer, add_plan, change_payer

__all__ = [
    "CannotAsk",
    "CoverageIsUnknown",
    "DaysAreWrong",
    "Holder",
    "NoSuchQuestion",
    "NotTheirPlan",
    "OrderIsOpen",
    "PayerIsKnown",
    "PayerIsUnknown",
    "RankIsTaken",
    "SubscriberIsMissing",
    "add_coverage",
    "add_payer",
    "add_plan",
    "ask_eligibility",
    "change_coverage",
    "change_payer",
    "end_coverage",
    "give_up_waiting",
    "mark_entered_in_error",
    "put_in_order",
    "read_answer",
    "say_who_holds",
]
