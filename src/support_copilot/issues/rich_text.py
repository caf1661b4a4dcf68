"""HTML of messages made harmless before it is stored."""

from typing import Final

import nh3

# No images: a picture from elsewhere tells its sender when the agent looked. No styles, forms or scripts either.
_TAGS: Final = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_URL_SCHEMES: Final = {"http", "https", "mailto", "tel"}


def sanitise_html(html: str) -> str:
    """The HTML with text and plain structure only; links open without telling where they were followed from."""
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_URL_SCHEMES, link_rel="noopener noreferrer nofollow"
    )
