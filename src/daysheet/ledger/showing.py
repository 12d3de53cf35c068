"""Which acts a page about a patient's money offers."""

from daysheet.kernel.access import Actor, Can


def acts_allowed(by: Actor) -> dict[str, bool]:
    """Return which acts on an account the actor may do."""
    return {
        "may_take": by.can(Can.TAKE_PAYMENT),
        "may_adjust": by.can(Can.ADJUST),
        "may_refund": by.can(Can.REFUND),
        "may_bill": by.can(Can.SEND_STATEMENTS),
    }
