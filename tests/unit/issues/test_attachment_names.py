"""File names and types of attachments."""

import pytest

from support_copilot.issues.file_types import detect_type, harmless_filename, safe_filename


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("invoice 2024.pdf", "invoice 2024.pdf"),
        ("Rechnung März.pdf", "Rechnung März.pdf"),
        ("領収書.png", "領収書.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\log.txt", "log.txt"),
        ('a"b;c<d>.txt', "a_b_c_d_.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\r\nX-Evil: 1.txt", "a X-Evil_ 1.txt"),
        ("nul\x00byte.txt", "nulbyte.txt"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("...", "file"),
        ("/", "file"),
        ("\ud800.txt", "txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("console.txt", "console.txt"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(sent: str, kept: str) -> None:
    assert safe_filename(sent) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_filename("x" * 5000 + ".pdf")
    assert len(name) == 120
    assert name.endswith("x.pdf")


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "a.txt", "image/png"),
        (b"%PDF-1.7\n1 0 obj", "invoice", "application/pdf"),
        ("Grüße".encode(), "photo.png", "text/plain"),
        (b"id,name\n1,Ana\n", "list.csv", "text/plain"),
        (b"<html><script>alert(1)</script></html>", "page.png", "text/html"),
        (bytes(64), "a.bin", "application/octet-stream"),
        (b"\xff\xfe\xfd\x01\x02", "a.bin", "application/octet-stream"),
    ],
)
def test_the_type_is_found_by_content(head: bytes, name: str, expected: str) -> None:
    assert detect_type(head, name) == expected


def test_words_that_look_like_a_signature_are_words() -> None:
    for text in (
        b"MZ is what it says, then nothing",
        b"BM and then it stops",
        b"GIF89a is all I see",
        b"#!/bin/sh\nls\n",
    ):
        assert detect_type(text, "a.txt") == "text/plain"


def test_a_name_that_runs_gets_the_ending_of_its_content_and_stays_short() -> None:
    assert harmless_filename("setup.exe", "application/zip") == "setup.exe.zip"
    assert harmless_filename("a.JS", "text/plain") == "a.JS.txt"
    assert harmless_filename("a.pdf", "application/pdf") == "a.pdf"
    assert harmless_filename("x" * 116 + ".bat", "text/plain") == "x" * 116 + ".txt"


def test_a_text_cut_inside_a_character_is_still_text() -> None:
    assert detect_type("ü".encode() * 10 + "ü".encode()[:1], "a.txt") == "text/plain"


def test_the_ending_decides_among_archives() -> None:
    archive = b"PK\x03\x04" + bytes(30)
    assert detect_type(archive, "a.zip") == "application/zip"
    assert detect_type(archive, "a.docx").startswith("application/vnd.openxmlformats")
