"""The one gate for HTML that people typed, in Wagtail's rich-text form, before it is stored."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import nh3
from bleach import linkify

BLOCKS = frozenset({"h2", "h3", "h4", "p", "ul", "ol", "li", "blockquote", "hr"})
INLINE = frozenset({"a", "b", "strong", "i", "em", "br", "code", "sub", "sup", "embed"})
ATTRIBUTES = {
    "a": {"href", "id", "linktype", "rel"},
    "embed": {"alt", "embedtype", "format", "id"},
    # Wagtail keeps the identity of a paragraph here, for comments and translation.
    **{tag: {"data-block-key"} for tag in BLOCKS - {"hr"}},
}
# No "tel", and no number in a link to WhatsApp: a number to call is never one editor's alone.
URL_SCHEMES = frozenset({"http", "https", "mailto"})
CHAT_HOSTS = frozenset({"wa.me", "api.whatsapp.com", "web.whatsapp.com"})
REL = "noopener noreferrer"

# bleach parses 20 KB in some 40 ms; what is longer still passes the gate, with its links as typed.
LINKIFY_AT_MOST = 200_000
# Only these endings, because "M.Si" and "A.Md" are degrees and not hosts in .si and .md.
LINKED_ENDINGS = (".id", ".com", ".net", ".org", ".int", ".edu")

_LINKABLE = re.compile(r"<a\b|https?://|www\.|\.(?:id|com|net|org|int|edu)\b", re.IGNORECASE)
_EMBED = re.compile(r"<embed((?:\s[\w-]+=\"[^\"]*\")*)\s*/?>")


def sanitise(html: str) -> str:
    """Return ``html`` with addresses as links and nothing that could run.

    Keeps what Wagtail stores (``<a linktype="page" id="3">``, ``<embed embedtype="image" …/>``);
    links that leave the site get ``rel="noopener noreferrer"``. Doing it twice changes nothing.
    """
    if not html:
        return ""
    if len(html) <= LINKIFY_AT_MOST and _LINKABLE.search(html):
        html = linkify(html, callbacks=[_judge_link], skip_tags=["pre", "code"])
    clean = nh3.clean(
        html,
        tags=set(BLOCKS | INLINE),
        attributes=ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes=set(URL_SCHEMES),
        link_rel=None,
    )
    return _EMBED.sub(_close_embed, clean)


def _judge_link(attrs: dict, new: bool = False) -> dict | None:
    """Decide about one link for bleach: ``None`` leaves the text without one."""
    href = attrs.get((None, "href"), "")
    if new:
        typed = attrs["_text"].lower()
        has_scheme = typed.startswith(("http://", "https://"))
        if not has_scheme:
            host = typed.partition("/")[0].partition(":")[0]
            if not (typed.startswith("www.") or host.endswith(LINKED_ENDINGS)):
                return None
            attrs[(None, "href")] = href = re.sub(r"^http://", "https://", href)
    if _leaves_the_site(href):
        attrs[(None, "rel")] = REL
    else:
        attrs.pop((None, "rel"), None)
    return attrs


def _leaves_the_site(href: str) -> bool:
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return True
    return parts.scheme.lower() in {"http", "https"} or bool(parts.netloc)


def calls_a_number(href: str) -> bool:
    """Whether a link leads to somebody's telephone: by `tel:`, or in WhatsApp.

    `https://wa.me/?text=…`, which lets the reader choose to whom to send, does not.
    """
    try:
        parts = urlsplit(href.strip())
        host = unquote(parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return False
    if host not in CHAT_HOSTS:
        return parts.scheme.lower() in {"tel", "sms", "whatsapp"}
    phone = parse_qs(parts.query.lower()).get("phone", [])
    return unquote(parts.path).strip("/+ ") not in {"", "send"} or any(map(str.strip, phone))


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and calls_a_number(value):
        return None
    if tag == "a" and name == "rel":
        return REL
    if tag == "a" and name == "linktype":
        return value if value in {"page", "document"} else None
    if tag == "embed" and name == "embedtype":
        # Media embeds would make the reader's browser ask a third party.
        return value if value == "image" else None
    if name == "id":
        return value if re.fullmatch(r"#?[\w-]{1,64}", value) else None
    return value


def _close_embed(match: re.Match) -> str:
    """Write an embed as Wagtail's rewriter expects it, or drop one that embeds nothing."""
    attributes = match.group(1)
    return f"<embed{attributes}/>" if ' embedtype="' in attributes else ""
