"""What goes wrong with records about people. No message repeats what a record says."""

from __future__ import annotations


class PersonalProblem(RuntimeError):
    """It cannot be done; the message says why and what to do, and nothing that a record says."""


class KeyGone(PersonalProblem):
    """The key of the rows was destroyed, or is not in the folder of keys: nobody can read them."""
