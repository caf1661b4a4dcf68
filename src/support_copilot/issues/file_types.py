"""Names and types of files that strangers send: the type by content, a name that deceives nobody."""

import io
import mimetypes
import re
import unicodedata
from typing import Final

import puremagic

from support_copilot.kit.text import one_line

UNKNOWN_TYPE: Final = "application/octet-stream"
#: What is taken unless the settings say otherwise. Nothing in it runs by being opened; macros of office documents
#: are of other types.
USUAL_TYPES: Final = frozenset({
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/x-ms-bmp", "image/tiff", "image/heif",
    "image/heic", "image/avif",
    "application/pdf", "application/rtf", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "text/plain", "text/csv", "application/json", "application/xml", "text/xml", "message/rfc822",
    "application/zip", "application/gzip", "application/x-gzip", "application/x-7z-compressed", "application/x-tar",
    "application/x-bzip2", "application/x-xz", "application/zstd", "application/vnd.rar",
    "application/x-rar-compressed",
    "video/mp4", "video/webm", "video/quicktime", "video/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/ogg",
    "audio/x-vorbis+ogg", "audio/wav", "audio/x-wav",
})  # fmt: skip
#: What a browser would run or follow; handed out as bytes of no type, wherever settings or older versions took it.
_RUN_BY_BROWSERS: Final = frozenset({
    "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml", "text/javascript",
    "application/javascript", "application/x-shockwave-flash", "text/xsl", "application/xslt+xml",
})  # fmt: skip
#: Formats that may consist of readable characters alone; any other signature at the head of a text is chance.
_READABLE: Final = re.compile(r"^(text/.+|message/.+|.+[+/]xml|.+[+/]json|application/(pdf|rtf|postscript))$")
#: Endings that a desktop runs on a double click, after Outlook's list of blocked files, and those a browser runs.
_RUN_BY_DESKTOPS: Final = frozenset({
    "ade", "adp", "app", "appimage", "application", "asp", "aspx", "bas", "bat", "bgi", "cab", "cer", "chm", "cmd",
    "cnt", "com", "command", "cpl", "crt", "csh", "dll", "deb", "der", "desktop", "diagcab", "dmg", "dotm", "docm",
    "exe", "fxp", "gadget", "grp", "hlp", "hpj", "hta", "htc", "htm", "html", "img", "inf", "ins", "iso", "isp",
    "its", "jar", "jnlp", "js", "jse", "jsp", "ksh", "lnk", "mda", "mdb", "mde", "mdt", "mdw", "mdz", "mht",
    "mhtml", "mjs", "msc", "msh", "msi", "msp", "mst", "msu", "ops", "osd", "php", "pif", "pkg", "pl", "plg", "pot",
    "potm", "ppam", "pptm", "prf", "prg", "ps1", "psc1", "psd1", "psm1", "py", "pyc", "pyo", "pyw", "pyz", "rb",
    "reg", "rpm", "scf", "scr", "sct", "settingcontent-ms", "sh", "shb", "shs", "shtml", "sldm", "svg", "svgz",
    "swf", "theme", "udl", "url", "vb", "vbe", "vbp", "vbs", "vhd", "vhdx", "vsmacros", "vsw", "webloc", "website",
    "wsc", "wsf", "wsh", "xbap", "xht", "xhtml", "xlam", "xll", "xlsm", "xltm", "xsl", "xslt",
})  # fmt: skip
#: Names that Windows takes for devices, whatever their ending.
_DEVICES: Final = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_MAX_NAME_CHARS: Final = 120
#: Marks that turn the direction of text around, so that "gpj.exe" can be shown as "exe.jpg".
_DIRECTION: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*%;]')
_TYPE_SHAPE: Final = re.compile(r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")


def safe_filename(filename: str) -> str:
    """A name that no file system, header or reader mistakes for anything else, as near to the sender's as can be."""
    name = one_line(_DIRECTION.sub("", filename)).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in _UNSAFE.sub("_", name) if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = name.strip(". ")
    name = f"_{name}" if _DEVICES.match(name) else name
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: _MAX_NAME_CHARS - len(extension) - 1].rstrip('. ')}.{extension}"
    return name[:_MAX_NAME_CHARS] or "file"


def harmless_filename(name: str, content_type: str) -> str:
    """The safe name with the ending of the content behind it, where its own would make a desktop run the file."""
    if name.rpartition(".")[2].lower() not in _RUN_BY_DESKTOPS:
        return name
    ending = ".txt" if content_type.startswith("text/") else mimetypes.guess_extension(content_type) or ".bin"
    return safe_filename(name[: _MAX_NAME_CHARS - len(ending)] + ending)


def served_type(content_type: str) -> str:
    """The type to hand a file out with: its own, unless a browser could be made to run it."""
    return UNKNOWN_TYPE if content_type in _RUN_BY_BROWSERS else content_type


def detect_type(head: bytes, filename: str) -> str:
    """The content type that the first bytes speak for: a known signature, else readable text, else unknown.

    The name only decides between types that share a signature, such as the many that are ZIP archives. Nothing is
    unpacked.
    """
    readable = _is_text(head)
    for match in _signatures(head, filename):
        # A confidence of 0.1 is one byte of signature; words of a text are easily taken for a short one.
        if not _TYPE_SHAPE.match(match.mime_type) or match.confidence < (0.4 if readable else 0.3):
            continue
        if not readable or _READABLE.match(match.mime_type):
            return str(match.mime_type)
    return "text/plain" if readable else UNKNOWN_TYPE


def _signatures(head: bytes, filename: str) -> list[puremagic.PureMagicWithConfidence]:
    try:
        matches = puremagic.magic_stream(io.BytesIO(head), filename)
    except (puremagic.PureError, ValueError):
        return []
    # Ties come in no fixed order out of the library.
    return sorted(matches, key=lambda match: (-match.confidence, -len(match.byte_match), match.mime_type))


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3  # the head may end inside a character
    return True
