"""What goes wrong with an engine, in words."""


class EngineProblem(RuntimeError):
    """The engine cannot be used; the message says why and what to do."""
