"""Progress of long work, and the table that closes a call to `receive`."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bluelamp.evidence.readers.left_alone import LEFT_ALONE
from bluelamp.evidence.receive import Outcome

STYLES = {"kept": "green", "partly refused": "yellow", "refused": "red", "not found": "red"}
MOST_NAMED = 5  # of the files that no source knows


class Bar:
    """A progress bar that takes (done, total, what now)."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def move(self, done: int, total: int, what: str) -> None:
        self._progress.update(self._task, completed=done, total=total, description=escape(what))


def closing_table(console: Console, outcomes: Sequence[Outcome]) -> None:
    """What became of the files: by source, then every fault with its line and what to do."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("source", "files", "again", "rows read", "kept", "refused", "months"):
        words = heading in ("source", "months")
        table.add_column(heading, justify="left" if words else "right", overflow="fold")
    read = [o for o in outcomes if o.receipt and o.receipt.source]
    for source in sorted({o.receipt.source for o in read if o.receipt}):
        receipts = [o.receipt for o in read if o.receipt and o.receipt.source == source]
        months = [m for r in receipts for m in (r.first_month, r.last_month) if m]
        table.add_row(
            source,
            f"{len(receipts):,}",
            f"{sum(o.again for o in read if o.receipt and o.receipt.source == source):,}",
            f"{sum(r.rows_read for r in receipts):,}",
            f"{sum(r.rows_kept for r in receipts):,}",
            f"{sum(r.rows_refused for r in receipts):,}",
            f"{min(months)} to {max(months)}" if months else "",
        )
    if table.row_count:
        console.print(table)
    unread = [o for o in outcomes if o.status == "not read" and not o.named]
    known = [o for o in unread if o.reason.startswith(LEFT_ALONE)]
    for outcome in known:
        console.print(f"left alone {escape(outcome.name)}: {escape(outcome.reason)}")
    unread = [o for o in unread if o not in known]
    if unread:
        files = "1 file is" if len(unread) == 1 else f"{len(unread):,} files are"
        alone = "was" if len(unread) == 1 else "were"
        names = ", ".join(outcome.name for outcome in unread[:MOST_NAMED])
        more = f" and {len(unread) - MOST_NAMED:,} more" if len(unread) > MOST_NAMED else ""
        console.print(f"{files} of no known source and {alone} left alone: {escape(names)}{more}")
    for outcome in outcomes:
        if outcome.note:
            console.print(escape(f"{outcome.name}: {outcome.note}"))
        if outcome.is_fault:
            where = f" in {outcome.container}" if outcome.container else ""
            style = STYLES.get(outcome.status, "yellow")
            console.print(
                f"[{style}]{outcome.status}[/] {escape(outcome.name + where)}: "
                + escape(outcome.reason)
            )
            _more_refusals(console, outcome)


def _more_refusals(console: Console, outcome: Outcome, shown: int = 5) -> None:
    refusals = outcome.receipt.refusals[1:] if outcome.receipt else ()
    for refusal in refusals[: shown - 1]:
        console.print(f"  line {refusal.line}: {escape(refusal.reason)}")
    if len(refusals) >= shown and outcome.receipt:
        console.print(f"  all of them: receipts/{outcome.receipt.sha256}.json in the store")
