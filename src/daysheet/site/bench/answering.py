"""Two hundred answers of a plan come in as one file: each is filed with its question, benefit by benefit."""

from datetime import date
from typing import Any

from django.db import transaction

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import Coverage, EligibilityInquiry
from daysheet.formats import x12
from daysheet.kernel.access import Actor
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands as mailroom
from daysheet.payer import answers
from daysheet.payer import queries as payers
from daysheet.site.bench.bare import Bare
from daysheet.site.bench.plan import NOW, TODAY
from daysheet.site.bench.subjects import Subjects
from daysheet.site.bench.timing import Row

ANSWERS, ROUNDS = 200, 3
TURNS = ROUNDS + 4
"""The rounds, one before them, and the three in which the statements are counted."""
BEGAN = date(TODAY.year - 1, 1, 1)
KEEP = "insert into answered_bare (practice_id, trace, code, amount) values (%s, %s, %s, %s)"


class Answers:
    """Files of answers to questions that this office has asked; made when first asked for."""

    def __init__(self, who: Subjects, bare: Bare, *, answers: int, turns: int, first: int = 0) -> None:
        self.who, self.bare, self.answers, self.turns, self.first = who, bare, answers, turns, first
        self.house = Actor.system(practice_id=who.practice.id, now=NOW)
        self.files: list[Any] = []
        self.turn = 0

    def read(self, number: int) -> object:
        """Read the next file as the mailroom has it read."""
        self.turn += 1
        return self.read_at(self.turn - 1)

    def read_at(self, number: int) -> object:
        """Read the file of that number."""
        envelope = self.envelopes()[number]
        with acting_in(self.who.practice.id):
            return coverage.read_answer(self.house, envelope=envelope)

    def bare_read(self, number: int) -> object:
        """Split a file and keep each benefit line by a bare statement."""
        return self.read_by(self.bare, number)

    def read_by(self, bare: Bare, number: int) -> object:
        """Keep them by a connection of one's own."""
        content = bytes(self.envelopes()[number % self.turns].content).decode("latin-1")
        lines = [one.split("*") for one in content.split("~") if one.startswith("EB*")]
        with bare.link.transaction(), bare.link.cursor() as cursor:
            cursor.execute(
                "create temp table if not exists answered_bare (practice_id uuid, trace text, code text, amount text)"
            )
            cursor.executemany(
                KEEP, [(bare.practice, str(at), one[1], one[-1]) for at, one in enumerate(lines)]
            )
        return lines

    def envelopes(self) -> list[Any]:
        """Return the files, one for each turn, of questions that were not answered yet."""
        if not self.files:
            with acting_in(self.who.practice.id):
                with transaction.atomic():
                    mine = Coverage.objects.filter(plan__payer__payer_id="BLUE1").select_related(
                        "plan__payer"
                    )
                    held = list(mine.order_by("id")[self.first : self.first + self.answers * self.turns])
                self.files = [
                    self._file(held[turn * self.answers : (turn + 1) * self.answers])
                    for turn in range(self.turns)
                ]
        return self.files

    def _file(self, held: list[Coverage]) -> Any:
        """Ask about some coverages, and return the envelope of the plan's answer to all of them."""
        profile = payers.profile("BLUE1")
        assert profile is not None
        standing = answers.Standing(
            profile.plan("standard"), BEGAN, None, payers.met(payer_id="BLUE1", member_id="", year=TODAY.year)
        )
        told, partner_id = [], held[0].plan.payer.partner_id
        assert partner_id is not None
        for one in held:
            asked = coverage.ask_eligibility(self.who.rosa, coverage_id=one.pk, service_on=TODAY)
            told.append(answers.active(_question(asked), answers.payer_party(profile), standing))
        content = x12.render_interchange(
            sender=x12.Mailbox("ZZ", "BLUE1"), receiver=x12.Mailbox("ZZ", "RIVERBEND"),
            control_number=len(self.files) + int(str(held[0].pk.int)[-6:]), at=NOW, usage="T",
            groups=[
                x12.OutgoingGroup(
                    control_number=1, sets=[x12.build_271(x12.AnswerBatch("bench", NOW, tuple(told)))]
                )
            ],
        )  # fmt: skip
        return mailroom.receive(self.house, partner_id=partner_id, content=content)[0]


def _question(asked: EligibilityInquiry) -> x12.EligibilityInquiry:
    """Return a question as the plan reads it in its file."""
    assert asked.envelope is not None
    document = next(one for one in x12.read(bytes(asked.envelope.content)) if one.kind == "270")
    assert isinstance(document.content, x12.InquiryBatch)
    return document.content.inquiries[0]


def row(who: Subjects, bare: Bare) -> Row:
    """Return the row."""
    me = Answers(who, bare, answers=ANSWERS, turns=TURNS)
    return Row(
        "answers-200", f"{ANSWERS} answers of a plan in one file are filed, line by line", me.read, me.bare_read,
        ROUNDS, warming=1,
    )  # fmt: skip
