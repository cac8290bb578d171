"""Collects this app's admin screens; each module registers its own hooks."""

from importlib import import_module
from importlib.util import find_spec

import districts.admin_gate.hooks  # noqa: F401

for name in ("founding", "reference", "channels", "commitments", "page_saves", "safety"):
    if find_spec(f"districts.viewsets.{name}"):
        import_module(f"districts.viewsets.{name}")
