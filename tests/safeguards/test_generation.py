import pytest
from django.db import transaction

from safeguards import generation
from safeguards.models import Generation


@pytest.mark.django_db
def test_bump_raises_the_number_after_the_commit(django_capture_on_commit_callbacks):
    before = generation.current()
    with django_capture_on_commit_callbacks(execute=True):
        generation.bump("page published")
        assert generation.current() == before
    assert generation.current() == before + 1
    assert Generation.objects.get().reason == "page published"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_bump_is_forgotten_with_the_transaction():
    before = generation.current()
    with transaction.atomic():
        generation.bump("channel changed")
        transaction.set_rollback(True)
    generation.forget()
    assert generation.current() == before


@pytest.mark.django_db
def test_current_reads_at_most_once_a_second(django_assert_num_queries, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(generation.time, "monotonic", lambda: clock[0])
    with django_assert_num_queries(1):
        first = [generation.current() for _ in range(50)]
    Generation.objects.update_or_create(pk=1, defaults={"number": first[0] + 5})
    clock[0] += 0.9
    with django_assert_num_queries(0):
        assert generation.current() == first[0]
    clock[0] += 0.2
    with django_assert_num_queries(1):
        assert generation.current() == first[0] + 5
