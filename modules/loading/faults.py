"""What is wrong in a module's files: told with file and line, all of it at once."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to correct; `line` counts from 1, 0 where the whole file is meant."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        if not self.line:
            return f"{self.file}: {self.message}"
        return _("%(file)s, line %(line)d: %(message)s") % vars(self)


class Faulty(Exception):
    """The files can't be loaded; `faults` are in the order of files and lines."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class Report:
    """Collects the faults of one file."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def __call__(self, line: int, message: str) -> None:
        fault = Fault(self.file, line, message)
        if fault not in self.faults:
            self.faults.append(fault)
