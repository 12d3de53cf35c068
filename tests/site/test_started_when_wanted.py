"""A process that has nothing to do yet is asked for now and then, and started when it has."""

import pytest

from daysheet.site import supervisor
from daysheet.site.supervisor import Supervisor, Watched


def test_a_process_is_started_when_it_is_wanted_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "ASKS_AGAIN", 0.0)
    answers = [False, False, True]
    asked = [*answers]
    started: list[str] = []
    one = Watched("telephone lines", ["lines"], {}, wanted=lambda: asked.pop(0))
    watch = Supervisor([one], say=lambda _sentence: None)
    monkeypatch.setattr(watch, "_start", lambda process: started.append(process.name))
    for number in range(len(answers)):
        watch._look_after(one)
        assert bool(started) is answers[number]
