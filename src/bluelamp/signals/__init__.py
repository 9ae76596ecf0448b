"""Judgement: figures and what the plan hoped become findings, each with the sentence it may say.

The way in is `judge_all`; what comes out is a `Judgement`.
"""

from bluelamp.signals.judgement import Judgement, judge_all

__all__ = ["Judgement", "judge_all"]
