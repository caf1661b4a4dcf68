"""HTML to the text that a person would have seen, and text without invisible tricks."""

import html as entities
import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from support_copilot.kit.text import storable

#: Characters that take no room on a screen: they hide words from filters, or smuggle in text nobody sees.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)
#: Joiners belong in emoji and in some scripts, never beside a Latin letter, digit or space.
_STRAY_JOINER: Final = re.compile("(?<=[\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f])")
_BLANKS: Final = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_MANY_LINES: Final = re.compile(r"\n{3,}")
_SPACES: Final = re.compile(r"\s+")

_UNSEEN: Final = frozenset(
    {
        "head", "title", "script", "style", "template", "noscript", "object", "iframe", "svg", "select",
        "textarea", "audio", "video", "canvas",
    }
)  # fmt: skip
_HIDING_STYLE: Final = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?:font-size|opacity|max-height):0(?:\.0+)?(?:px|pt|em|%)?(?:[;!]|$)"
)
#: How mail programs mark the history below a reply.
_QUOTE_CLASSES: Final = frozenset(
    {
        "gmail_quote", "gmail_extra", "yahoo_quoted", "moz-cite-prefix", "moz-forward-container",
        "protonmail_quote", "zmail_extra", "tutanota_quote",
    }
)  # fmt: skip
_QUOTE_IDS: Final = frozenset({"divRplyFwdMsg", "appendonsend", "reply-intro"})
_BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_CELLS: Final = frozenset({"td", "th"})

#: A tag, or what is left of one; the name and whatever follows it, up to the next angle bracket.
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>?")
_VOID: Final = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    }
)  # fmt: skip
#: The parser's cost grows with the square of these, so beyond them the tags are only cut out.
_MAX_DEPTH: Final = 2_000
_MAX_ATTRIBUTES: Final = 500
#: More nodes than any message that a person reads.
_MAX_NODES: Final = 300_000


def visible(text: str) -> str:
    """The text without control and invisible characters, runs of blanks as one, at most one empty line in a row."""
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", storable(text)))
    text = "\n".join(line.strip() for line in _BLANKS.sub(" ", text).split("\n"))
    return _MANY_LINES.sub("\n\n", text).strip()


def plain_text(html: str) -> str:
    """The text that a reader of the HTML sees: blocks on lines of their own, nothing that is scripted or hidden."""
    shown, quoted = _read(html)
    return visible(shown + quoted)


def quoting_text(html: str) -> str:
    """The visible text, with what mail programs mark as quoted history below it as plain text quotes it."""
    shown, quoted = split_quoted_html(html)
    if not (shown and quoted):
        return shown or quoted
    return f"{shown}\n\n" + "\n".join(f"> {line}" for line in quoted.split("\n"))


def split_quoted_html(html: str) -> tuple[str, str]:
    """The visible text outside of what mail programs mark as quoted history, and that history."""
    shown, quoted = _read(html)
    return visible(shown), visible(quoted)


def _read(html: str) -> tuple[str, str]:
    html = storable(html)
    if _too_costly(html):
        return "".join(_without_tags(html)), ""
    root = LexborHTMLParser(html).root
    parts: tuple[list[str], list[str]] = ([], [])
    if root is not None:
        _walk(root, parts)
    return "".join(parts[0]), "".join(parts[1])


def _walk(root: LexborNode, parts: tuple[list[str], list[str]]) -> None:
    """Fill (shown, quoted) with the text below ``root``. No recursion: hostile HTML nests deeper than the stack."""
    node: LexborNode | None = root
    quoted_since: LexborNode | None = None
    for _ in range(_MAX_NODES):
        if node is None:
            return
        if quoted_since is None and _is_quote(node):
            quoted_since = node
        target = parts[quoted_since is not None]
        target.append(_text_at(node, at_line_start=bool(target) and target[-1].endswith("\n")))
        below = None if _is_unseen(node) else node.child
        while below is None and node is not None:
            if node.tag in _BLOCKS or node.tag == "li":
                parts[quoted_since is not None].append("\n")
            # What Outlook quotes is not inside its marker but behind it.
            if node == quoted_since and node.id not in _QUOTE_IDS:
                quoted_since = None
            below, node = node.next, node.parent
        node = below


def _text_at(node: LexborNode, *, at_line_start: bool) -> str:
    tag = node.tag
    if tag == "-text":
        return _SPACES.sub(" ", node.text_content or "")
    if tag == "li":
        return "- " if at_line_start else "\n- "
    if tag in {"br", "p"}:
        return "\n"
    if tag in _BLOCKS:
        return "" if at_line_start else "\n"
    return " " if tag in _CELLS else ""


def _is_unseen(node: LexborNode) -> bool:
    if node.tag in _UNSEEN:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDING_STYLE.search(_SPACES.sub("", style).lower()))


def _is_quote(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    if node.tag == "blockquote" and attributes.get("type") == "cite":
        return True
    classes = attributes.get("class")
    return attributes.get("id") in _QUOTE_IDS or bool(classes and not _QUOTE_CLASSES.isdisjoint(classes.split()))


def _too_costly(html: str) -> bool:
    depth = 0
    for closing, name, rest in _TAG.findall(html):
        if closing:
            depth = max(0, depth - 1)
        elif name.lower() not in _VOID and not rest.endswith("/"):
            depth += 1
        if depth > _MAX_DEPTH or len(rest.split(None, _MAX_ATTRIBUTES)) > _MAX_ATTRIBUTES:
            return True
    return False


def _without_tags(html: str) -> Iterator[str]:
    """The text between the tags, for HTML that nobody made to be read."""
    end = 0
    inside: str | None = None
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if inside is None:
            yield entities.unescape(html[end : tag.start()])
            yield "\n" if name in _BLOCKS or name == "br" else ""
            inside = name if name in _UNSEEN and not tag[1] else None
        elif tag[1] and name == inside:
            inside = None
        end = tag.end()
    if inside is None:
        yield entities.unescape(html[end:])
