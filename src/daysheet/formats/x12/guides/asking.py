"""What a payer asks about a claim, as both the request (277) and its answer (275) say it: STC, with LOINC codes."""

from datetime import date
from decimal import Decimal

from daysheet.formats.x12.envelope import TransactionSet
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment, composite, segment

from . import reading, writing

LOINC = "LOI"
Code = tuple[str, str, str, str]


@record
class Question:
    """One statement (STC): a category of the R family, and the LOINC code of what is asked for.

    `code_list` says whose code it is: LOI for LOINC, empty for a claim status. `more` are up to two further codes
    (STC10, STC11), each with category, code, entity and list; with LOINC they narrow the first, such as a period.
    """

    category: str
    code: str
    entity: str = ""
    code_list: str = LOINC
    on: date | None = None
    action: str = ""
    charge: Decimal | None = None
    more: tuple[Code, ...] = ()
    message: str = ""

    @property
    def loinc(self) -> tuple[str, ...]:
        """Return the LOINC codes, the document that is asked for first."""
        codes = [(self.category, self.code, self.entity, self.code_list), *self.more]
        return tuple(code for _, code, _, code_list in codes if code_list == LOINC)


def first_loinc(questions: tuple[Question, ...]) -> str:
    """Return the first LOINC code of some questions, or empty text."""
    return next((code for question in questions for code in question.loinc), "")


def fits(item: Segment) -> bool:
    """Return whether an STC says no more than a question can hold; what does not fit is kept as it stands."""
    if len(item) > 13 or any(item[index] for index in range(5, 10)):
        return False
    return all(len(item.components(index)) <= 4 for index in (1, 10, 11)) and not (item[11] and not item[10])


def read_question(tset: TransactionSet, item: Segment) -> Question:
    """Return an STC. In the files of old guides the list is not named; a code with a dash is a LOINC code."""
    category, code, entity, code_list = _code(item, 1)
    more = tuple(_code(item, index) for index in (10, 11) if item[index])
    when = reading.day(tset, item, 2)
    charge = reading.number(tset, item, 4)
    return Question(category, code, entity, code_list, when, item[3], charge, more, item[12])


def _code(item: Segment, index: int) -> Code:
    parts = [*item.components(index), "", "", "", ""]
    is_loinc = not parts[3] and "-" in parts[1]
    return parts[0], parts[1], parts[2], LOINC if is_loinc else parts[3]


def write_question(item: Question, place: str) -> Segment:
    """Return a question as an STC. Raises CannotBuild without a category or a code, or with too many."""
    category = writing.required(item.category, f"The category of what is asked ({place} STC01-1)")
    code = writing.required(item.code, f"What is asked ({place} STC01-2)")
    more = [composite(*(writing.clean(part) for part in codes)) for codes in item.more]
    if len(more) > 2:
        raise CannotBuild(f"What is asked has at most three codes ({place} STC01, STC10, STC11).")
    second, third = [*more, "", ""][:2]
    charge = "" if item.charge is None else writing.cents(item.charge, f"{place} STC04")
    return segment(
        "STC", composite(category, code, writing.clean(item.entity), writing.clean(item.code_list)),
        writing.day(item.on), writing.clean(item.action), charge, "", "", "", "", "", second, third,
        writing.clean(item.message),
    )  # fmt: skip
