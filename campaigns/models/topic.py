from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from campaigns.models.base import CampaignsPage
from districts.directory import help_for_request
from districts.pages import address_of, readable_by_all
from districts.regulations import laws_named
from districts.term_fields import RegulationCodesField, TermCodesField
from districts.terms import term_labels, terms_of


@dataclass(frozen=True)
class TopicLink:
    """A topic page as its index lists it."""

    title: str
    slug: str
    url: str
    teaser: str
    ampk_codes: tuple[str, ...]
    issue_codes: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """One letter of the law: what it is called, and its page if there is one."""

    letter: str
    label: str
    page: TopicLink | None


class TopicIndexPage(CampaignsPage):
    """All topics. A district shows the national ones as aliases.

    The fifteen AMPK categories stand in the order of the law, with or without a page; then the
    issue areas, then what belongs to neither. Every page is listed at least once.
    """

    locked_slug = "topik"
    shares_children = True
    lists_own_children = True
    # Stands under whatever home page the site has; that page lists it in its `subpage_types`.
    subpage_types = ["campaigns.TopicPage"]

    class Meta:
        verbose_name = _("topic index page")

    def topics(self) -> list[TopicLink]:
        """The pages below, in tree order; one query."""
        rows = readable_by_all(TopicPage.objects.child_of(self)).order_by("path")
        code = self.locale.language_code
        return [
            TopicLink(title, slug, address_of(url_path, code), teaser, tuple(ampk), tuple(issues))
            for title, slug, url_path, teaser, ampk, issues in rows.values_list(
                "title", "slug", "url_path", "search_description", "ampk_codes", "issue_codes"
            )
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        topics = self.topics()
        categories = [
            Category(
                letter=str(term.details.get("letter") or ""),
                label=term.label,
                page=_page_of(term.code, topics),
            )
            for term in terms_of("ampk")
        ]
        leading = {category.page for category in categories}
        issues = [
            (label, _pages_about(code, topics, leading))
            for code, label in term_labels("issue_area").items()
        ]
        listed = leading | {topic for _label, about in issues for topic in about}
        context["topics"] = topics
        context["categories"] = categories
        context["issues"] = issues
        context["others"] = [topic for topic in topics if topic not in listed]
        return context


def _page_of(code: str, topics: list[TopicLink]) -> TopicLink | None:
    """The page of an AMPK category: the one with its code as address, else the closest one."""
    fitting = [topic for topic in topics if code in topic.ampk_codes]
    return min(
        fitting,
        key=lambda topic: (topic.slug != code, topic.ampk_codes.index(code), len(topic.ampk_codes)),
        default=None,
    )


def _pages_about(code: str, topics: list[TopicLink], leading: set) -> list[TopicLink]:
    """Pages whose first issue this is, those of a category only when there are no others."""
    first = [topic for topic in topics if topic.issue_codes[:1] == (code,)]
    own = [topic for topic in first if topic not in leading]
    return own or first


class TopicPage(CampaignsPage):
    """One AMPK category or issue area: what it is, what to do, what not, whom to call.

    The codes are terms of the vocabularies `ampk` and `issue_area`, and codes of regulations, whose
    status and successor readers see as they are today.
    """

    offers_sharing = True
    ampk_codes = TermCodesField(_("AMPK categories"), vocabulary="ampk")
    issue_codes = TermCodesField(_("issue areas"), vocabulary="issue_area")
    regulation_codes = RegulationCodesField(_("regulations"))

    content_panels = [
        *CampaignsPage.content_panels,
        FieldPanel("ampk_codes"),
        FieldPanel("issue_codes"),
        FieldPanel(
            "regulation_codes",
            help_text=_("Readers see the status, and what replaced a revoked one."),
        ),
    ]
    parent_page_types = ["campaigns.TopicIndexPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("topic page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        issues = term_labels("issue_area")
        context["categories"] = [
            {"letter": term.details.get("letter") or "", "label": term.label}
            for term in terms_of("ampk")
            if term.code in self.ampk_codes
        ]
        context["issues"] = [issues[code] for code in self.issue_codes if code in issues]
        context["regulations"] = laws_named(self.regulation_codes)
        # A text that names somebody who answers needs no second list of them.
        says_whom = any(block.block_type == "help" for block in self.body)
        context["answering"] = [] if says_whom else self._answering(request)
        return context

    def _answering(self, request: HttpRequest) -> list:
        return help_for_request(request, issue=next(iter(self.issue_codes), ""))
