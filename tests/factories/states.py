"""What tables hold, as one number: equal where a factory would make the same rows."""

import re
from collections.abc import Callable, Iterable

# Nothing that a factory makes depends on more of these than how many there are.
COUNTED = {
    "accounts_user",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "safeguards_generation",
    "wagtailcore_modellogentry",
    "wagtailcore_pagelogentry",
}
PAGES = {"wagtailcore_page", "wagtailcore_revision"}
COLUMNS = {
    "sqlite": (
        "SELECT m.name, c.name, c.type = 'datetime' FROM sqlite_master m"
        " JOIN pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE '%fts%' AND m.name NOT LIKE 'sqlite_%'"
        " ORDER BY m.name, c.cid"
    ),
    "postgresql": (
        "SELECT table_name, column_name, data_type = 'timestamp with time zone'"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " ORDER BY table_name, ordinal_position"
    ),
}
# The last number that was given out, also to rows that are gone.
NUMBERS = {
    "sqlite": "SELECT name, seq FROM sqlite_sequence",
    "postgresql": "SELECT sequencename, last_value FROM pg_sequences",
}
_questions: dict[str, dict[str, str]] = {}


class Tables:
    """The tables of a connection at one moment; each is read once."""

    def __init__(self, connection):
        self.connection = connection
        with connection.cursor() as cursor:
            if connection.vendor not in _questions:
                cursor.execute(COLUMNS[connection.vendor])
                _questions[connection.vendor] = _ask(cursor.fetchall())
            cursor.execute(NUMBERS[connection.vendor])
            self.numbers = dict(cursor.fetchall())
        self.questions = _questions[connection.vendor]
        self.held: dict[str, int] = {}

    def state(self, names: Iterable[str]) -> int:
        """A number for what these tables hold."""
        return hash(tuple((name, self._held(name)) for name in sorted(names)))

    def kept(self) -> Callable[[Iterable[str]], int]:
        """`state`, as of now: read everything, because nobody knows yet what will count."""
        for name in self.questions:
            self._held(name)
        return self.state

    def named_in(self, statements: Iterable[str]) -> frozenset[str]:
        """The tables that statements speak of."""
        words = {word for sql in statements for word in re.findall(r"\w+", sql)}
        return frozenset(words & self.questions.keys())

    def _held(self, name: str) -> int:
        if name not in self.held:
            with self.connection.cursor() as cursor:
                # The driver's own cursor: Django's would turn every row over once more.
                rows = cursor.connection.execute(self.questions[name]).fetchall()
            number = self.numbers.get(name, self.numbers.get(f"{name}_id_seq"))
            self.held[name] = hash((number, *map(repr, rows)))
        return self.held[name]


def _ask(columns: list[tuple[str, str, bool]]) -> dict[str, str]:
    """What to ask each table for.

    When pages changed tells them apart. In other tables a moment only says when a test ran.
    """
    pages = PAGES | {table for table, name, _moment in columns if name == "page_ptr_id"}
    wanted: dict[str, list[str]] = {}
    for table, name, moment in columns:
        only_whether = moment and table not in pages
        wanted.setdefault(table, []).append(f'"{name}" IS NULL' if only_whether else f'"{name}"')
    return {
        table: f'SELECT count(*) FROM "{table}"'
        if table in COUNTED
        else f'SELECT {", ".join(names)} FROM "{table}"'
        for table, names in wanted.items()
    }
