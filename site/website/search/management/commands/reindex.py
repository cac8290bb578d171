"""Makes the words of every published page anew: `reindex`, or only what is out of date."""

from django.core.management.base import BaseCommand
from tqdm import tqdm

from website.search import indexing
from website.search.models import IndexedPage


class Command(BaseCommand):
    help = "Makes the search index of pages anew. Safe at any time; searching goes on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "--missing", action="store_true", help="Only pages whose words are missing or old."
        )

    def handle(self, *args, missing, verbosity=1, **options):
        if not missing:
            IndexedPage.objects.update(version=0)
        removed = indexing.forget_unreadable()
        ids = list(indexing.out_of_date().values_list("pk", flat=True))
        bar = tqdm(ids, unit="page", file=self.stderr, disable=verbosity < 1 or None)
        indexed = indexing.index_pages(bar)
        if verbosity:
            self.stdout.write(f"{indexed} halaman diindeks, {removed} dihapus.")
