"""Writes one file while the next is read: most of writing is waiting for the disk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self


class Behind:
    """Does jobs one after another in a thread of its own; one is under way at most, so that no more
    than two files are in memory. What a job raises, the next call here raises."""

    def __enter__(self) -> Self:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writing-behind")
        self._job: Future[None] | None = None
        self._of = ""
        return self

    def do(self, of: str, job: Callable[[], None]) -> None:
        """Begin a job when the one before it is done. `of` is the hash of the file it writes."""
        self.catch_up()
        self._of, self._job = of, self._thread.submit(job)

    def catch_up(self, of: str | None = None) -> None:
        """Wait until the job under way is done: any, or only one of this file."""
        if self._job is not None and of in (None, self._of):
            job, self._job = self._job, None
            job.result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=True)
        if kind is None:
            self.catch_up()
