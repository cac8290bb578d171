"""Reads YAML so that every value knows the line it stands in."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from django.utils.translation import gettext as _

from modules.loading.faults import Report

# Ten times as fast, where PyYAML has it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Scalar = str | int | float | bool | date | None


@dataclass
class Marked:
    """A value with its line. Readers never raise: what is missing or of another type is empty."""

    line: int
    value: "Scalar | dict[str, Marked] | list[Marked]"
    # Where each key of a mapping stands.
    keys: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> "Marked":
        found = self.value.get(name) if isinstance(self.value, dict) else None
        return found or Marked(self.line, None)

    def __iter__(self):
        return iter(self.value if isinstance(self.value, list) else ())

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> int | None:
        return self.value if type(self.value) is int else None

    @property
    def plain(self) -> Any:
        """The value as Python has it, without lines; texts without blanks around them."""
        if isinstance(self.value, dict):
            return {name: one.plain for name, one in self.value.items()}
        if isinstance(self.value, list):
            return [one.plain for one in self.value]
        return self.value.strip() if isinstance(self.value, str) else self.value


def read_marked(text: str, report: Report) -> Marked | None:
    """The file as marked values; None where it is no YAML, which `report` is told."""
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = _("This can't be read: %(problem)s. Look at quotes, colons and indentation.")
        report(mark.line + 1 if mark else 1, said % {"problem": error.problem})
        return None
    except yaml.YAMLError as error:
        report(1, _("This can't be read: %(problem)s.") % {"problem": error})
        return None
    if node is None:
        report(1, _("The file is empty."))
        return None
    return _Reader(loader, report).read(node)


class _Reader:
    def __init__(self, loader: Any, report: Report):
        self.loader, self.report = loader, report
        self.seen: set[int] = set()

    def read(self, node: yaml.Node) -> Marked:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            self.report(line, _("Write this out again: references with & and * are not read."))
            return Marked(line, None)
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return Marked(line, [self.read(one) for one in node.value])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, line)
        try:
            return Marked(line, self.loader.construct_object(node))
        except (yaml.YAMLError, ValueError):
            self.report(line, _("This value can't be read. Put it in quotes."))
            return Marked(line, None)

    def _mapping(self, node: yaml.MappingNode, line: int) -> Marked:
        found = Marked(line, {})
        for key, value in node.value:
            name, at = str(key.value), key.start_mark.line + 1
            if name in found.keys:
                said = _("“%(key)s” stands here twice; the first is in line %(line)d.")
                self.report(at, said % {"key": name, "line": found.keys[name]})
                continue
            found.keys[name] = at
            found.value[name] = self.read(value)
        return found
