"""The OpenAPI document as people read it: its operations and schemas, in two languages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
METHODS = ("get", "put", "post", "delete", "patch")
SCHEMAS = "#/components/schemas/"
# Of a schema, what narrows its values, as readers know it.
LIMITS = {
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "minLength": "≥ {}",
    "maxLength": "≤ {}",
    "minItems": "≥ {}",
    "maxItems": "≤ {}",
    "default": "= {}",
}
Node = dict[str, Any]


@dataclass(frozen=True)
class Value:
    """A value's `kind` in words of JSON Schema, its limits, and the schemas it consists of."""

    kind: str
    limits: list[str]
    schemas: list[str]
    choices: list[str]


@dataclass(frozen=True)
class Property:
    name: str
    is_needed: bool
    value: Value
    description: str
    depth: int = 0


@dataclass(frozen=True)
class Schema:
    name: str
    description: str
    properties: list[Property] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    status: str
    description: str
    schemas: list[str]


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    takes: list[str]
    answers: list[Answer]
    needs: list[str]


@dataclass(frozen=True)
class Manual:
    title: str
    version: str
    description: str
    keys: list[tuple[str, str, str]]
    operations: list[Operation]
    schemas: list[Schema]


@cache
def document() -> Node:
    return yaml.safe_load((HERE / "openapi.yaml").read_text(encoding="utf-8"))


@cache
def _indonesian() -> dict[str, str]:
    return yaml.safe_load((HERE / "openapi.id.yaml").read_text(encoding="utf-8"))


@cache
def manual(language: str) -> Manual:
    """What the document says, in English or, for every other language, in Indonesian."""
    return _Reader(language).manual(document())


def texts(node: Any) -> Iterator[str]:
    """Every summary and description of a document, each in one line."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict):
        for name in ("summary", "description"):
            if isinstance(node.get(name), str):
                yield _line(node[name])
    for child in children:
        yield from texts(child)


class _Reader:
    def __init__(self, language: str):
        self.words = {} if language == "en" else _indonesian()

    def manual(self, whole: Node) -> Manual:
        parts = whole["components"]
        return Manual(
            title=whole["info"]["title"],
            version=whole["info"]["version"],
            description=self.said(whole["info"]),
            keys=[
                (name, f"{one['type']} {one.get('scheme', '')}".strip(), self.said(one))
                for name, one in parts["securitySchemes"].items()
            ],
            operations=[
                self.operation(path, method, one[method])
                for path, one in whole["paths"].items()
                for method in METHODS
                if method in one
            ],
            schemas=[self.schema(name, one) for name, one in parts["schemas"].items()],
        )

    def said(self, node: Node, name: str = "description") -> str:
        text = _line(node.get(name, ""))
        return self.words.get(text, text)

    def operation(self, path: str, method: str, node: Node) -> Operation:
        return Operation(
            method=method.upper(),
            path=path,
            summary=self.said(node, "summary"),
            description=self.said(node),
            takes=_contents(node.get("requestBody", {})),
            answers=[
                Answer(status, self.said(one), _contents(one))
                for status, one in node["responses"].items()
            ],
            needs=[name for one in node.get("security", ()) for name in one],
        )

    def schema(self, name: str, node: Node) -> Schema:
        return Schema(name, self.said(node), list(self.properties(node)))

    def properties(self, node: Node, depth: int = 0) -> Iterator[Property]:
        """Those of a schema; those of what an array holds stand below it."""
        needed = node.get("required", ())
        for name, one in node.get("properties", {}).items():
            yield Property(name, name in needed, _value(one), self.said(one), depth)
            yield from self.properties(one.get("items", one), depth + 1)


def _value(node: Node) -> Value:
    kinds = node.get("type", "")
    kind = ", ".join(kinds) if isinstance(kinds, list) else kinds
    kind = " ".join(filter(None, [kind, node.get("format", "")]))
    choices = [str(one) for one in node.get("enum", ())]
    limits = [words.format(node[name]) for name, words in LIMITS.items() if name in node]
    return Value(kind, limits, list(_named(node)), choices)


def _contents(node: Node) -> list[str]:
    return [name for one in node.get("content", {}).values() for name in _named(one["schema"])]


def _named(node: Node) -> Iterator[str]:
    """The schemas that a value refers to, without their address in the document."""
    if "$ref" in node:
        yield node["$ref"].removeprefix(SCHEMAS)
    below = [*node.get("oneOf", ()), *([node["items"]] if "items" in node else ())]
    for one in below:
        yield from _named(one)


def _line(text: str) -> str:
    return " ".join(text.split())
