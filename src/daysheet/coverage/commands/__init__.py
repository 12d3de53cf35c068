"""All that is done with coverage: payers and plans, a patient's coverages, the question and the answer."""

from daysheet.coverage.commands.asking_ahead import (
    AsideAlready,
    CannotAskSo,
    put_aside,
    set_policy,
    take_up,
)
from daysheet.coverage.commands.coverages import (
    CoverageIsUnknown,
    DaysAreWrong,
    NumberIsMalformed,
    RankIsTaken,
    SubscriberIsMissing,
    add_coverage,
    change_coverage,
    end_coverage,
    mark_entered_in_error,
)
from daysheet.coverage.commands.eligibility import (
    Asked,
    AskedJustNow,
    CannotAsk,
    NoSuchQuestion,
    ask_eligibility,
    ask_for_day,
    ask_once_more,
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
from daysheet.coverage.commands.switching import Switched, switch_payer

__all__ = [
    "AsideAlready",
    "Asked",
    "AskedJustNow",
    "CannotAsk",
    "CannotAskSo",
    "CoverageIsUnknown",
    "DaysAreWrong",
    "Holder",
    "NoSuchQuestion",
    "NotTheirPlan",
    "NumberIsMalformed",
    "OrderIsOpen",
    "PayerIsKnown",
    "PayerIsUnknown",
    "RankIsTaken",
    "SubscriberIsMissing",
    "Switched",
    "add_coverage",
    "add_payer",
    "add_plan",
    "ask_eligibility",
    "ask_for_day",
    "ask_once_more",
    "change_coverage",
    "change_payer",
    "end_coverage",
    "give_up_waiting",
    "mark_entered_in_error",
    "put_aside",
    "put_in_order",
    "read_answer",
    "say_who_holds",
    "set_policy",
    "switch_payer",
    "take_up",
]
