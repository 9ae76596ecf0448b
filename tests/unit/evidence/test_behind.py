"""Writing behind: in turn, one at a time, and no fault is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from bluelamp.evidence.behind import Behind


def test_jobs_are_done_in_turn_and_all_of_them_before_the_end() -> None:
    done: list[int] = []
    with Behind() as behind:
        for n in range(20):
            behind.do(str(n), lambda n=n: done.append(n))
    assert done == list(range(20))


def test_the_next_job_waits_for_the_one_before_it() -> None:
    began, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def slow() -> None:
        began.set()
        may_end.wait(10)
        done.append("slow")

    with Behind() as behind:
        behind.do("a", slow)
        assert began.wait(10), "the caller goes on while the job is under way"
        behind.catch_up("b")  # of another file: nothing to wait for
        assert done == []
        may_end.set()
        behind.catch_up("a")
        assert done == ["slow"]


def write(*jobs: Callable[[], None], then: Callable[[Behind], None] = lambda behind: None) -> None:
    with Behind() as behind:
        for n, job in enumerate(jobs):
            behind.do(str(n), job)
        then(behind)


def full() -> None:
    raise OSError("no space left on device")


def test_what_a_job_raises_is_raised_to_the_caller() -> None:
    done: list[str] = []
    for work in (
        lambda: write(full, lambda: done.append("next")),
        lambda: write(full, then=lambda behind: behind.catch_up("0")),
        lambda: write(full),  # at the end
    ):
        with pytest.raises(OSError, match="no space left"):
            work()
    assert done == []


def test_a_fault_of_the_caller_lets_the_job_under_way_end() -> None:
    done: list[str] = []

    def stop(behind: Behind) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(lambda: done.append("a"), then=stop)
    assert done == ["a"]
