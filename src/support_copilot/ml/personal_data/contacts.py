"""E-mail addresses, links that lead to somebody, names of accounts, addresses of machines."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from support_copilot.ml.personal_data import near, words
from support_copilot.ml.personal_data.spans import RANK_PATTERN, RANK_SECRET, RANK_WEAK, Finding

_DOMAIN: Final = re.compile(
    r"[^\W_](?:[\w-]{0,62}[^\W_])?(?:\.[^\W_](?:[\w-]{0,62}[^\W_])?){0,6}\.(?:xn--[a-z\d-]{2,59}|[^\W\d_]{2,24})",
    re.IGNORECASE,
)
_LOCAL: Final = re.compile(r"[\w.+%'&/=?^{|}~!#$*-]{0,64}\Z")
_SPELLED: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?(?:\(at\)|\[at\]|\{at\}| at ) ?[\w-]{1,63}"
    r"(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.) ?[\w-]{1,63}){0,3} ?(?:\(dot\)|\[dot\]|\{dot\}| dot |(?<!\s)\.) ?[a-z]{2,12}(?!\w)",
    re.IGNORECASE,
)
#: Senders that are no person: links to code.
_NO_ONE: Final = frozenset({"git", "svn", "hg"})

_LINK: Final = re.compile(
    r"(?:\b(?:https?|ftps?|wss?|jdbc:\w{2,16}|\w{2,10}(?:\+\w{2,10})?)://|\bwww\.)[^\s<>\"'`|\\^{}]{2,2000}",
    re.IGNORECASE,
)
_CLOSERS: Final = ".,;:!?)]*_'\"…"
_PUBLIC_HOSTS: Final = re.compile(
    r"(?:^|\.)(?:apache|wikipedia|wikimedia|w3|ietf|mozilla|python|debian|ubuntu|kernel|gnu|schemas|openjdk|example)\.org$|"
    r"(?:^|\.)(?:google|microsoft|apple|amazon|github|gitlab|bitbucket|oracle|sun|ibm|cloudera|stackoverflow|youtube|"
    r"facebook|twitter|instagram|linkedin|paypal|stripe|atlassian|slack|zoom|dropbox|adobe|mysql|java|intel|redhat|"
    r"example|android|windows|office|live|maven|docker|npmjs|cloudflare|yahoo)\.(?:com|net|dev|co\.uk|de|fr)$|"
    r"(?:^|\.)(?:local|localhost|internal|localdomain|test|invalid)$|^[^.]*$|^[\d.]+$|(?:^|\.)xmlsoap\.org$",
    re.IGNORECASE,
)
_PERSONAL_HOSTS: Final = re.compile(
    r"(?:^|\.)(?:facebook|instagram|twitter|x|linkedin|xing|tiktok|youtube|t|wa|snapchat|pinterest|medium|vk|twitch|soundcloud|"
    r"flickr|reddit|keybase|paypal|calendly)\.(?:com|me|tv|io)$",
    re.IGNORECASE,
)
_PUBLIC_PATHS: Final = re.compile(
    r"^/(?:watch|help|about|legal|docs?|policies|search|intl|login|signin|r/|hashtag|terms)\b", re.IGNORECASE
)
_PERSONAL_PATH: Final = re.compile(
    r"/(?:~[\w.-]+|@[\w.-]+|(?:users?|profiles?|members?|people|person|accounts?|customers?|u|in|author|reset|invite|"
    r"unsubscribe|verify|confirm|activate|magic|session)/[\w.@%+=-]{2,})",
    re.IGNORECASE,
)
_PERSONAL_QUERY: Final = re.compile(
    r"(?:^|[?&;#/])(?:[\w.-]{0,20}[_-])?(?:e?-?mail|user(?:_?name|_?id)?|login|name|first_?name|last_?name|phone|tel|mobile|token|key|"
    r"api_?key|secret|sig(?:nature)?|auth|code|session(?:_?id)?|sid|jwt|password|pwd|pass|customer(?:_?id)?|account(?:_?id)?|"
    r"uid|member|dob|address|zip|lat|lon|lng)=[^&\s]",
    re.IGNORECASE,
)
_OPAQUE: Final = re.compile(
    r"(?<![\w-])(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])(?![\da-f]{40}(?![\w-]))[\w-]{24,}", re.ASCII
)

_HANDLE: Final = re.compile(r"(?<![\w.@/:\\+-])@(?P<name>[A-Za-z_](?:[\w.]{1,38}\w))(?![\w(@/:-])")
_ANNOTATIONS: Final = frozenset(words.ANNOTATIONS.split())
_ACCOUNT: Final = re.compile(
    r"(?<!\w)(?:user ?-?_?name|user[ _-]?id|login(?:[ _-]?name)?|screen ?name|nick ?name|handle|account name|benutzer(?:name|kennung)|"
    r"anmeldename|nutzername|nom d['’]utilisateur|identifiant|pseudo|nombre de usuario|usuario|nome utente|utente|"
    r"nome de (?:usuário|utilizador)|gebruikersnaam|nazwa użytkownika|login|discord|telegram|instagram|twitter|skype|insta|"
    r"snapchat|tiktok)(?: (?:is|ist|lautet|est|es|è|é|to|id|name)\b| ?[:=])\s{0,3}[\"'„“«]?(?P<value>[\w@][\w.@#-]{1,38}\w)",
    re.IGNORECASE,
)
_HOME: Final = re.compile(
    r"(?:(?<![\w/.])/(?:home|Users)/|\b[A-Za-z]:[\\/]{1,2}(?:Users|Documents and Settings)[\\/]{1,2})(?P<value>[\w.@-]{2,40})"
)
_SYSTEM_USERS: Final = frozenset(words.SYSTEM_USERS.split())

_IP4: Final = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\w|-)")
_IP6: Final = re.compile(r"(?<![\w:.])(?:[\dA-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[\dA-Fa-f]{0,4})(?![\w:])")
_MAC: Final = re.compile(
    r"(?<![\w:-])[\dA-Fa-f]{2}(?:(?P<mark>[:-])[\dA-Fa-f]{2})(?:(?P=mark)[\dA-Fa-f]{2}){4}(?![\w:-])|(?<![\w.])[\dA-Fa-f]{4}\.[\dA-Fa-f]{4}\.[\dA-Fa-f]{4}(?![\w.])"
)


def find_emails(text: str) -> Iterator[Finding]:
    at = text.find("@")
    while at != -1:
        after = _DOMAIN.match(text, at + 1)
        before = _LOCAL.search(text, max(0, at - 64), at)
        local = before[0].lstrip(".'/=?&!#*{|}$^~") if before else ""
        if after and local and local.casefold() not in _NO_ONE and not _is_file(after[0]):
            yield Finding(at - len(local), after.end(), "email", 0.99, RANK_PATTERN)
            at = after.end() - 1
        at = text.find("@", at + 1)
    if "at" in text:
        for match in _SPELLED.finditer(text):
            if re.search(r"[\[({]at[\])}]| dot ", match[0], re.IGNORECASE):
                yield Finding(match.start(), match.end(), "email", 0.8, RANK_PATTERN)


def _is_file(domain: str) -> bool:
    # name@2x.png, Class@1f3c.java
    return domain.rpartition(".")[2].casefold() in {"png", "jpg", "svg", "java", "class", "html", "js", "log"}


def find_links(text: str) -> Iterator[Finding]:
    """Links whose path or parameters belong to one person, and bare addresses of sites that are not widely shared."""
    if "://" not in text and "www." not in text.casefold():
        return
    for match in _LINK.finditer(text):
        link = match[0]
        while link and link[-1] in _CLOSERS and not (link[-1] == ")" and "(" in link):
            link = link[:-1]
        confidence = _personal_link(link)
        if confidence:
            rank = RANK_SECRET if confidence >= 0.9 else RANK_PATTERN
            yield Finding(match.start(), match.start() + len(link), "url", confidence, rank)


def _personal_link(link: str) -> float:
    try:
        parts = urlsplit(link if "://" in link else f"http://{link}")
        host, userinfo = parts.hostname or "", parts.netloc.rpartition("@")[0]
    except ValueError:
        return 0.6
    extra = f"?{parts.query}#{parts.fragment}"
    if userinfo or "@" in extra or _PERSONAL_QUERY.search(extra) or "%40" in link:
        return 0.95
    if _PERSONAL_PATH.search(parts.path) or _OPAQUE.search(parts.path) or _OPAQUE.search(extra):
        return 0.8
    if _PERSONAL_HOSTS.search(host) and len(parts.path) > 2 and not _PUBLIC_PATHS.match(parts.path):
        return 0.8
    bare = parts.path in {"", "/"} and len(extra) == 2 and "." in host
    return 0.6 if bare and not _PUBLIC_HOSTS.search(host) else 0.0


def find_usernames(text: str) -> Iterator[Finding]:
    for match in _HANDLE.finditer(text) if "@" in text else ():
        name = match["name"]
        if name.partition(".")[0].casefold() not in _ANNOTATIONS and not text.startswith(".", match.end() - 1):
            yield Finding(match.start(), match.end(), "username", 0.85, RANK_WEAK)
    for pattern in (_ACCOUNT, _HOME):
        for match in pattern.finditer(text):
            value = match["value"]
            plain = (
                value.isalpha()
                and value.islower()
                and pattern is _ACCOUNT
                and ":" not in match[0]
                and "=" not in match[0]
            )
            if value.casefold() not in _SYSTEM_USERS and not plain:
                yield Finding(*match.span("value"), "username", 0.8, RANK_WEAK)


def find_machines(text: str) -> Iterator[Finding]:
    for match in _IP4.finditer(text) if text.count(".") >= 3 else ():
        if _is_somewhere(match[0]) and not near.says(near.VERSION, text, match.start()):
            yield Finding(match.start(), match.end(), "ip_address", 0.95, RANK_PATTERN)
    if text.count(":") >= 2:
        for match in _IP6.finditer(text):
            if len(match[0]) > 4 and _is_somewhere(match[0]):
                yield Finding(match.start(), match.end(), "ip_address", 0.95, RANK_PATTERN)
    for match in _MAC.finditer(text):
        if len(set(match[0])) > 3:
            yield Finding(match.start(), match.end(), "mac_address", 0.95, RANK_PATTERN)


def _is_somewhere(found: str) -> bool:
    """Whether it is an address of one machine: not this machine, a mask, or a group of them."""
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return False
    return not (
        address.is_loopback or address.is_unspecified or address.is_multicast or found.startswith(("255.", "0."))
    )
