from django.db import models
from wagtail.models import Page

from website.search.stemming import LONGEST_WORD

# Every host and language has one page at this depth; its path names both.
ROOT_PATH_LENGTH = 2 * Page.steplen


class IndexedPage(models.Model):
    """What readers see of a published page, as plain text; made anew at each publishing.

    Not a record of an office but a copy of a page, so its district is the page's. Reading always
    asks the page itself whether it is live and public.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="+")
    root = models.CharField(max_length=ROOT_PATH_LENGTH)
    text = models.TextField()
    # Of the page, when this was written; differs when something was published since.
    published_at = models.DateTimeField(null=True)
    # Of the rules by which words were cut.
    version = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.root}:{self.pk}"


class IndexedWord(models.Model):
    """A word of a page as it is written, the key that all its forms share, and how much it says."""

    indexed = models.ForeignKey(IndexedPage, models.CASCADE, related_name="words")
    root = models.CharField(max_length=ROOT_PATH_LENGTH)
    word = models.CharField(max_length=LONGEST_WORD)
    key = models.CharField(max_length=LONGEST_WORD + 2)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indexed", "word"], name="search_word_once_a_page")
        ]
        indexes = [
            models.Index(fields=["root", "key"], name="search_by_key"),
            models.Index(fields=["root", "word"], name="search_by_word"),
        ]

    def __str__(self) -> str:
        return self.word
