"""Several readers ask for the same paper at the same moment: one row, one file, no error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from districts.models import Paper
from districts.paper import paper_for
from tests.factories.channels import make_office

READERS, ROUNDS = 6, 4


def files(district) -> set[str]:
    storage = Paper._meta.get_field("file").storage
    folder = f"lembar/{district.slug}"
    return set(storage.listdir(folder)[1]) if storage.exists(folder) else set()


def all_ask_at_once(layout) -> None:
    district = make_office("lebak")
    name = layout("= #data.title")
    before = files(district)
    for number in range(ROUNDS):
        data = {"title": f"Judul {number}", "language": "id"}
        barrier = Barrier(READERS)

        def ask(_n, data=data, barrier=barrier) -> tuple[int, str, bytes]:
            try:
                barrier.wait(timeout=30)
                paper = paper_for(district, key="satu", layout=name, data=data)
                return paper.pk, paper.file.name, paper.file.read()
            finally:
                connection.close()

        with ThreadPoolExecutor(READERS) as pool:
            answers = list(pool.map(ask, range(READERS)))
        paper = Paper.objects.get()
        assert set(answers) == {(paper.pk, paper.file.name, paper.file.read())}
        assert files(district) - before == {paper.file.name.rpartition("/")[2]}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_readers_at_once_make_one_paper_on_postgres(layout):
    all_ask_at_once(layout)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_readers_at_once_make_one_paper(layout):
    all_ask_at_once(layout)
