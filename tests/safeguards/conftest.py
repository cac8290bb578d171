"""An empty registry to fill, and a cache of the generation that no test inherits."""

import pytest

from safeguards import generation, registry


@pytest.fixture
def blank_registry(monkeypatch):
    """The registry without what the installed apps told it."""
    monkeypatch.setattr(registry, "_entries", {})
    monkeypatch.setattr(registry, "_exempt", {})
    monkeypatch.setattr(registry, "_reaches", {})
    return registry


@pytest.fixture(autouse=True)
def _forget_generation():
    generation.forget()
    yield
    generation.forget()
