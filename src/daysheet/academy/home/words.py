"""The front door in words: short, plain, and with no figure that the registry does not hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from daysheet.academy.facts.entries import Duty, Entry
from daysheet.academy.facts.registry import Fact, fact


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the academy and what one finds there."""

    name: str
    title: str
    about: str


def short_answer() -> list[tuple[str, list[Fact]]]:
    """Return the short answer in five lines, each with the figures that it rests on."""
    return [
        (_("Finish high school or get a GED. You need no degree."), []),
        (
            _("Take a certificate course, or an associate degree if you want to move up faster."),
            [fact("duration.certificate.high"), fact("duration.associate")],
        ),
        (_("Gain hours in a real office: an externship, a front desk, volunteer work."), []),
        (_("Take the CMAA exam if employers near you ask for it."), [fact("cert.cmaa.fee")]),
        (
            _("Apply: there are openings every year. This is the middle pay of a year."),
            [fact("outlook.openings"), fact("pay.national.median")],
        ),
    ]


def ways_on() -> list[Page]:
    """Return what a newcomer may want to know, page by page."""
    return [
        Page(
            "job", _("What is the day like?"), _("Twenty-four duties, each on the screen where it is done.")
        ),
        Page("path", _("How do I get there?"), _("Five steps as a plan of your own.")),
        Page("programs", _("Where can I learn it?"), _("Schools near you, with dated prices.")),
        Page("cost", _("What does it cost?"), _("Every part of the bill, and the aid that takes off.")),
        Page("pay", _("What does it pay?"), _("Any state and city area, the whole range.")),
        Page("payback", _("Does it pay back?"), _("Months, or never.")),
        Page("certificates", _("Which certificate?"), _("Seven, with entry rules, fees and renewals.")),
        Page("ladder", _("Where does it lead?"), _("Roles beside and above, and how they grow.")),
        Page("jobs", _("What do I search for?"), _("Job titles, employers and side paths.")),
    ]


def asked_often() -> list[tuple[str, str, list[Fact]]]:
    """Return three questions that newcomers really ask, with figures of today."""
    return [
        (
            _("Can I live on it?"),
            _(
                "This is the middle of all pay; a beginner starts lower. Look at your own state before you decide."
            ),
            [fact("pay.national.median"), fact("pay.national.hourly")],
        ),
        (
            _("Will software take this job?"),
            _(
                "The Bureau of Labor Statistics expects it to grow, but slower than the guide says, "
                "and names artificial intelligence as the brake."
            ),
            [fact("outlook.growth"), fact("outlook.openings")],
        ),
        (
            _("Must I pay for a course first?"),
            _(
                "No. Some offices train a beginner at the front desk. A course is the surer way to a first interview."
            ),
            [fact("cost.certificate.tuition.high")],
        ),
    ]


GROUPS = {6: "front", 13: "records", 20: "billing", 27: "support"}
"""The parts of the office by the guide's line."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the office with its duties."""

    entry: Entry
    duties: list[Duty]

    @property
    def from_home(self) -> int:
        """Return how many of the duties can be done from home in our judgement."""
        return sum(duty.from_home for duty in self.duties)


def parts_of_the_office(known: Sequence[Duty], groups: Sequence[Entry]) -> list[Part]:
    """Return the duties by the part of the office they belong to."""
    return [Part(one, [duty for duty in known if duty.group == GROUPS[one.line]]) for one in groups]


OCCUPATION = {
    142: "43-4171", 143: "43-6013", 144: "43-4171", 145: "43-4051", 146: "43-6013", 343: "43-3021", 344: "29-9021",
    345: "29-2072", 346: "43-4171", 347: "43-9041", 367: "29-2072", 368: "29-2072", 369: "31-9094", 370: "43-6013",
    371: "11-9111",
}  # fmt: skip
"""As which occupation the BLS counts a job title of the guide: our own reading of its descriptions."""


def counts_as(line: int) -> str:
    """Return the occupation that a title counts as."""
    return OCCUPATION.get(line, "")


def first_step(line: int) -> str:
    """Return the page where a first step is done."""
    return {417: "programs", 418: "programs", 419: "programs", 420: "cost", 421: "path"}.get(line, "")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body of the trade; the address was looked at on the day given."""

    short: str
    name: str
    what_for: str
    address: str
    lines: str


def organisations() -> list[Organisation]:
    """Return who is who."""
    return [
        Organisation("NHA", "National Healthcareer Association", _("CMAA, CEHRS, CBCS"), "www.nhanow.com", "47"),
        Organisation("AMT", "American Medical Technologists", _("CMAS"), "americanmedtech.org", "83"),
        Organisation("PMI", "Practice Management Institute", _("CMOM"), "www.pmimd.com", "70"),
        Organisation("AAPC", "AAPC", _("Coding, billing, CPPM"), "www.aapc.com", "427"),
        Organisation(
            "AHIMA", "American Health Information Management Assoc.", _("Health records"), "www.ahima.org", "425"
        ),
        Organisation("MGMA", "Medical Group Management Association", _("Running medical groups"), "www.mgma.com", "426"),
        Organisation("CMS", "Centers for Medicare and Medicaid Services", _("Medicare, Medicaid"), "www.cms.gov", "429"),
        Organisation("HHS", "US Department of Health and Human Services", _("HIPAA"), "www.hhs.gov/hipaa", "430"),
    ]  # fmt: skip


def answer(line: int) -> str:
    """Return our answer to a question of the guide."""
    return {
        391: _("A certificate course takes months, a degree takes years. Some jobs train you as you go."),
        393: _("It depends on the school more than on the kind of course. Look at real schools, and count the extras."),
        395: _("If you like people, order and an office: yes. Pay at the start is modest; the demand is steady."),
        397: _("No law asks for it. Many employers like it; CMAA is the one they know best."),
        399: _("A medical assistant also works with patients: needles, vital signs. That needs clinical training."),
        401: _("Parts of it: billing, coding, scheduling by phone. The front desk stands in the office."),
        403: _(
            "By state, the list below is counted from today's figures. "
            "By setting, hospitals and dentists stand above physicians' offices."
        ),
        405: _("An hour is a year's pay divided by the hours of a full year."),
        407: _("It is quick and people complain. Hours are mostly regular; urgent care also works evenings."),
        409: _("Yes. Courses expect none. Start with an externship or a front desk."),
        411: _("Records, practice management, office programs, insurers' pages. Learn them on Daysheet."),
        413: _("It grows a little faster than all jobs, but software slows it down."),
    }.get(line, "")  # fmt: skip


def figures(line: int) -> tuple[str, ...]:
    """Return the facts that an answer rests on."""
    return {
        391: ("duration.certificate.high", "duration.associate"),
        393: ("cost.certificate.tuition.high",),
        395: ("pay.entry.median",),
        397: ("cert.cmaa.fee",),
        405: ("pay.national.hourly",),
        413: ("outlook.growth", "outlook.openings"),
    }.get(line, ())


def pages() -> list[Page]:
    """Return every page that search and the map of the site know."""
    more = [
        Page("home", _("Become a medical office administrator"), _("The short answer")),
        Page(
            "certificate-check",
            _("May I sit the exam?"),
            _("Entry rules of CMAA, CEHRS, CBCS, CMAS, CMOM, CPPM, RHIT"),
        ),
        Page("way", _("Online or in person?"), _("Tick what is true of you: which kind of course fits")),
        Page("renewals", _("My renewals"), _("When a certificate runs out; continuing education log")),
        Page("pay-states", _("Pay in every state"), _("All states side by side, salary map")),
        Page("start", _("Start today"), _("The first steps")),
        Page("who", _("Who is who"), _("AHIMA, MGMA, AAPC, CMS, HHS, NHA, PMI, AMT")),
        Page("questions", _("Questions"), _("Twelve questions, answered with figures")),
        Page("method", _("Method"), _("How every figure is made")),
        Page("sources", _("Sources"), _("Publishers, files, releases, licenses")),
        Page("differences", _("Differences"), _("Where the guide and the figures differ")),
    ]
    return ways_on() + more


FIGURES = {
    "home": "pay.national.median",
    "job": "pay.national.jobs",
    "pay": "pay.national.median",
    "pay-states": "pay.national.median",
    "path": "duration.certificate.high",
    "cost": "cost.certificate.tuition.high",
    "programs": "cost.certificate.tuition.high",
    "certificates": "cert.cmaa.items",
    "ladder": "outlook.openings",
    "questions": "outlook.growth",
}
"""The figure that the picture of a page shows."""


def figure_of(page: str) -> str:
    """Return the key of the figure that tells most about a page, or nothing."""
    return FIGURES.get(page, "")
