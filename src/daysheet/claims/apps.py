"""The room `claims` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [
    ("claims", "Claims", "claims:claims", "claim", Can.SEE_CLAIMS, 70),
    ("denials", "Denials", "claims:denials", "flag", Can.SEE_CLAIMS, 72),
    ("remittances", "Remittances", "claims:remittances", "bank", Can.SEE_CLAIMS, 75),
]


class ClaimsConfig(AppConfig):
    """Claims out, acknowledgements and remittances in, denials."""

    name = "daysheet.claims"
    label = "claims"

    def ready(self) -> None:
        """Tell the mailroom who reads what comes back about claims, and the slip what a voided line means for them."""
        from daysheet.charges import voiding
        from daysheet.claims import commands, following, jobs, queries  # noqa: F401 - jobs register themselves
        from daysheet.coverage import authorizing, merging
        from daysheet.mailroom.routes import handles
        from daysheet.visits import followers as of_visits

        handles("TA1")(lambda by, envelope: commands.read_ta1(by, envelope=envelope))
        handles("999")(lambda by, envelope: commands.read_999(by, envelope=envelope))
        handles("277CA")(lambda by, envelope: commands.read_277ca(by, envelope=envelope))
        handles("835")(lambda by, envelope: commands.read_835(by, envelope=envelope))
        voiding.followers.append(following.line_is_voided)
        voiding.keepers.append(queries.is_with_payer)
        of_visits.keeping.append(queries.claims_stay)
        authorizing.built_on.append(queries.claims_for_plans)
        merging.counts.append(following.claims_of_payer)
        merging.followers.append(merging.Follower("claims", following.payers_merged, following.payers_apart))


VERBS = [
    Verb(_("Send claims"), "claims:claims-sending", Can.SEND_CLAIMS),
    Verb(_("Claims"), "claims:patient-panel", Can.SEE_CLAIMS, ("claim",), of_patient=True),
]
