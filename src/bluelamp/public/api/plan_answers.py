"""What the API answers about plans. Each shape has the fields of one dataclass of the plan or of
what is said of it; a test holds them together, so that a new field cannot be left out."""

from __future__ import annotations

from datetime import date

from ninja import Schema


class ConsultationOut(Schema):
    """How people were asked about a plan, and what it says they answered."""

    name: str
    starts: date
    ends: date
    how: str
    asked: list[str]
    heard: list[str]
    place: str


class PlanOut(Schema):
    """An edition of the plan: what it is, when in force, how it judges."""

    id: str
    title: str
    short_title: str
    standing: str
    starts: date
    ends: date
    judged_by: str
    how_judged: str
    ambition: str
    source: str
    document: str
    known_by: str
    mayor: str
    deputy_mayor: str
    mission: str
    ambitions: list[str]
    principles: list[str]
    accountable: list[str]
    consultation: ConsultationOut | None
    called: dict[str, str]


class PriorityOut(Schema):
    """A chapter of the plan."""

    id: str
    number: int
    title: str
    question: str
    summary: str
    place: str


class TargetOut(Schema):
    """A number that the edition itself sets."""

    words: str
    change: float | None
    at_least: float | None
    at_most: float | None
    unit: str
    by: date | None
    baseline: float | None
    baseline_first: date | None
    baseline_last: date | None
    baseline_note: str


class PartOut(Schema):
    """One side of a line: what is hoped of which measures, or what is missing to judge it."""

    hope: str
    what: str
    measures: list[str]
    target: TargetOut | None
    missing: str
    holder: str
    proxy: str


class LineOut(Schema):
    """One line by which an edition is judged."""

    id: str
    number: int
    priority: str
    title: str
    promise: str
    parts: list[PartOut]
    place: str
    kind: str
    note: str


class EditionOut(Schema):
    """A plan with its priorities and its lines, in printed order."""

    plan: PlanOut
    priorities: list[PriorityOut]
    lines: list[LineOut]


class LineReadingOut(Schema):
    """What is said of one line for one area."""

    edition: str
    line: str
    area: str
    reading: str
    parts: list[str]
    sentence: str
    over_the_plan: str
    progress: str


class LineReadingsOut(Schema):
    """Some of the readings that match, and how many do in all."""

    total: int
    items: list[LineReadingOut]


class CommitmentOut(Schema):
    """One thing that an edition says will be done, and the edition's id."""

    edition: str
    id: str
    number: int
    title: str
    kind: str
    promise: str
    lead: str
    place: str
    check: str
    priority: str
    block: str
    partners: list[str]
    due: date | None
    due_words: str
    money: int | None
    money_words: str
    countable: bool
    lines: list[str]
    measures: list[str]
    restates: list[str]
    note: str


class CommitmentsOut(Schema):
    """Some of the commitments that match, and how many do in all."""

    total: int
    items: list[CommitmentOut]


class TargetPointOut(Schema):
    """The way to a target, a month."""

    month: str
    value: float | None
    trajectory: float | None
    chance: float | None


class TargetReadingOut(Schema):
    """What is said of one target for one area."""

    edition: str
    line: str
    area: str
    measure: str
    status: str
    baseline: float | None
    baseline_first: str
    baseline_last: str
    goal: float | None
    by: str
    latest: float | None
    latest_month: str
    trajectory: float | None
    distance: float | None
    chance: float | None
    points: list[TargetPointOut]
    reason: str
    sentence: str


class TargetReadingsOut(Schema):
    """Some of the targets that match, and how many do in all."""

    total: int
    items: list[TargetReadingOut]


class QuotedReadingOut(Schema):
    """The same number made again, as far as it can be."""

    edition: str
    figure: str
    verdict: str
    ours: float | None
    how: str
    reason: str
    sentence: str


class QuotedOut(Schema):
    """A number that an edition quotes, its theme, and what comes of making it again.

    The reading is null in a release made before quoted numbers were checked.
    """

    edition: str
    theme: str
    id: str
    what: str
    printed: str
    value: float
    unit: str
    place: str
    announced: bool
    reading: QuotedReadingOut | None


class QuotedFiguresOut(Schema):
    """Some of the figures that match, and how many do in all."""

    total: int
    items: list[QuotedOut]


class ChangeOut(Schema):
    """One thing in an earlier edition beside the same thing in a later one."""

    subject: str
    title: str
    kind: str
    earlier: str
    later: str
    sentence: str


class ChangesOut(Schema):
    """What changed between two editions, by id."""

    earlier: str
    later: str
    judging: ChangeOut
    priorities: list[ChangeOut]
    measures: list[ChangeOut]
    targets: list[ChangeOut]
    unmeasured: list[ChangeOut]
    inputs: list[ChangeOut]
    commitments: list[ChangeOut]
    numbers: list[ChangeOut]
