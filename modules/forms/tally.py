"""The counts of one question as a form has them.

Fields, behind a prefix where several questions share a form: `n-<key of the answer>`, and hidden
`key` and `sequence`. Buttons that keep nothing and work without JavaScript: `ubah=<key>:1` or `:-1`
for one more or less, `sisa=<key>` for all that are not counted yet; `sisa-simpan=<key>` gives them
to the answer and keeps the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from modules.countable import Countable
from modules.models import Tally
from modules.models.groups import LARGEST_GROUP

LONGEST_TYPED = 12
LARGEST_SEQUENCE = 2**31 - 1


class Unreadable(ValueError):
    """A hidden field holds nothing that our page wrote."""


@dataclass
class TallyField:
    """The number of one answer; `value` is what was typed."""

    key: str
    mark: str
    text: str
    name: str
    value: str
    right: bool = False
    is_wrong: bool = False


class TallyForm:
    """A question with its numbers, from what was typed or from the tally that is true now.

    Raises Unreadable for hidden fields that are not ours, unless `is_fresh`: then it gets new ones.
    """

    def __init__(
        self,
        question: Countable,
        *,
        people: int,
        current: Tally | None,
        typed: Mapping[str, str] | None = None,
        prefix: str = "",
        is_fresh: bool = False,
    ):
        self.question, self.people, self.current = question, people, current
        self.prefix = prefix
        self.error = ""
        self.is_saved = False
        self.others: list[tuple[str, int]] = []
        known = current.counts if current is not None else {}
        if typed is not None and not any(name.startswith(prefix) for name in typed):
            # A row that was not sent stays as it is.
            typed = None
        choices = question.item.choices
        self.fields = [
            TallyField(
                key=key,
                mark=mark,
                text=text,
                name=f"{prefix}n-{key}",
                value=_typed(typed, f"{prefix}n-{key}", known.get(key)),
                right=bool(choices) and choices[int(key)].right,
            )
            for key, mark, text in question.options
        ]
        if typed is None or is_fresh:
            self.renew()
        else:
            self._identify(typed)

    def _identify(self, typed: Mapping[str, str]) -> None:
        try:
            self.key = UUID(typed.get(f"{self.prefix}key", "")[:36])
            self.sequence = int(typed.get(f"{self.prefix}sequence", "")[:LONGEST_TYPED])
        except ValueError as error:
            raise Unreadable(self.prefix) from error
        if not 0 <= self.sequence <= LARGEST_SEQUENCE:
            raise Unreadable(self.prefix)

    def renew(self) -> None:
        """The next sending says something new, after what is true now."""
        self.key = uuid4()
        self.sequence = self.current.sequence + 1 if self.current is not None else 1

    @property
    def is_blank(self) -> bool:
        return not any(field.value for field in self.fields)

    @property
    def total(self) -> int:
        """People counted, as far as numbers stand there."""
        numbers = [_number(field.value) or 0 for field in self.fields]
        return max(numbers) if self.question.may_choose_several else sum(numbers)

    @property
    def is_over(self) -> bool:
        """More counted than there are people, as far as that is known."""
        return bool(self.people) and self.total > self.people

    @property
    def left(self) -> int:
        return max(0, self.people - self.total)

    def counts(self) -> dict[str, int] | None:
        """What was typed, nothing being nobody; None where it is no number, and `error` says so."""
        found = {}
        for field in self.fields:
            number = _number(field.value)
            field.is_wrong = number is None
            found[field.key] = number or 0
        if any(field.is_wrong for field in self.fields):
            self.error = _("Please write whole numbers from 0 to %(most)d.") % {
                "most": LARGEST_GROUP
            }
            return None
        return found

    @property
    def changes_nothing(self) -> bool:
        return self.current is not None and self.counts() == {
            field.key: self.current.counts.get(field.key, 0) for field in self.fields
        }

    def press(self, typed: Mapping[str, str]) -> bool:
        """Do what a button that keeps nothing asks for; False where none was pressed."""
        fields = {field.key: field for field in self.fields}
        key, _colon, by = typed.get("ubah", "").rpartition(":")
        if key in fields and by in {"1", "-1"}:
            number = (_number(fields[key].value) or 0) + int(by)
            fields[key].value = str(min(max(number, 0), LARGEST_GROUP))
            return True
        return self.give_rest(typed.get("sisa", ""))

    def give_rest(self, key: str) -> bool:
        """Give all who are not counted yet to one answer; False where there is no such one."""
        for field in self.fields:
            if field.key == key and not self.question.may_choose_several:
                field.value = str((_number(field.value) or 0) + self.left)
                return True
        return False


def _typed(typed: Mapping[str, str] | None, name: str, known: int | None) -> str:
    if typed is not None:
        return typed.get(name, "").strip()[:LONGEST_TYPED]
    return "" if known is None else str(known)


def _number(value: str) -> int | None:
    """Nothing typed is nobody; None for what is no number of people."""
    if not value:
        return 0
    if not (value.isascii() and value.isdecimal()) or len(value) > 4 or int(value) > LARGEST_GROUP:
        return None
    return int(value)
