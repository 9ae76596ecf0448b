"""The rules, one module each: a question, its answer in a sentence, an example from the release.

To add a method, write a module here with a METHOD, and a template `methods/<id>.html` that explains
the rule, how often it errs and what it cannot do. Nothing lists it: modules are found by looking,
and stand in the order of their `place`.
"""

from __future__ import annotations

import importlib
import pkgutil

from bluelamp.public.explained.method import Method


def _found() -> list[Method]:
    modules = (
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    )
    methods = [module.METHOD for module in modules if hasattr(module, "METHOD")]
    return sorted(methods, key=lambda method: (method.place, method.id))


METHODS: dict[str, Method] = {method.id: method for method in _found()}
