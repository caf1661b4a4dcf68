"""Files of every kind of rot are read to their end, and each bad row is named."""

import gzip
import json
from pathlib import Path

import pytest

from support_copilot.connect.readers import RawRow, UnreadableFileError, detect_format, read_rows


def rows_of(folder: Path, name: str, content: bytes) -> list[RawRow]:
    path = folder / name
    path.write_bytes(content)
    return list(read_rows(path))


def test_csv_rows_carry_the_line_they_begin_on(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.csv", b'id,body\n1,"two\nlines"\n2,b\n')

    assert [(row.line, row.values["id"]) for row in rows] == [(2, "1"), (4, "2")]


def test_json_lines_flatten_objects_and_keep_lists(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.jsonl", b'{"id": 1, "customer": {"email": "a@example.com"}, "tags": ["x"]}\n')

    assert rows[0].values == {"id": 1, "customer.email": "a@example.com", "tags": ["x"]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = rows_of(tmp_path, "a.csv", f"id{delimiter}subject\n1{delimiter}hello\n".encode())

    assert rows[0].values == {"id": "1", "subject": "hello"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    text = "id,subject\n" + "".join(
        f"{n},Grüße aus München, größere Änderung\n".replace(", g", " g") for n in range(30)
    )

    rows = rows_of(tmp_path, "a.csv", text.encode(encoding))

    assert rows[0].values["subject"] == "Grüße aus München größere Änderung"


def test_gzip_is_read_and_progress_counts_the_file_on_disk(tmp_path: Path) -> None:
    content = gzip.compress(b"".join(json.dumps({"id": n}).encode() + b"\n" for n in range(1000)))

    rows = rows_of(tmp_path, "a.jsonl.gz", content)

    assert len(rows) == 1000
    assert 0 < rows[-1].offset <= len(content)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{broken", "not valid JSON"),
        (b"[1, 2", "not valid JSON"),
        (b'"text"', "not a JSON object"),
        (b'{"a": "\xff"}', "not valid UTF-8"),
        (b'{"a":' * 100_000, "not valid JSON"),
    ],
)
def test_a_rotten_json_line_is_named_and_the_next_is_read(tmp_path: Path, line: bytes, problem: str) -> None:
    rows = rows_of(tmp_path, "a.jsonl", line + b'\n{"id": 2}\n')

    assert rows[0].problem is not None
    assert rows[0].problem.startswith(problem)
    assert rows[1].values == {"id": 2}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"1,2,3", "3 cells, but the header names 2 columns"),
        (b"1", "1 cells, but the header names 2 columns"),
        (b"1,\xff\xfe", "has bytes that are not valid text in the encoding of the file"),
    ],
)
def test_a_rotten_csv_row_is_named_and_the_next_is_read(tmp_path: Path, line: bytes, problem: str) -> None:
    rows = rows_of(tmp_path, "a.csv", b"id,body\n0,ok\n0,ok\n" + line + b"\n3,c\n")

    assert [row.problem for row in rows] == [None, None, problem, None]


def test_null_bytes_do_not_end_the_file(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.csv", b"id,body\n1,a\x00b\n2,c\n")

    assert [row.values["id"] for row in rows] == ["1", "2"]


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "a.csv", b"id,body\n") == []


def test_an_empty_csv_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="first line"):
        rows_of(tmp_path, "a.csv", b"")


def test_damaged_gzip_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="damaged"):
        rows_of(tmp_path, "a.csv.gz", gzip.compress(b"id,body\n" + b"1,a\n" * 5000)[:40])


def test_missing_files_and_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no such file"):
        list(read_rows(tmp_path / "none.csv"))
    with pytest.raises(UnreadableFileError, match="must end in"):
        detect_format(Path("a.xlsx"))


@pytest.mark.parametrize("start", [b'[{"id": 1}]', b'[\n  {"id": 1}\n]', b" [ {"])
def test_a_json_array_is_refused_with_what_to_do(tmp_path: Path, start: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="jq"):
        rows_of(tmp_path, "a.json", start)


def test_a_lost_quotation_mark_costs_its_line_only(tmp_path: Path) -> None:
    lines = ["id,subject,body"] + [f"{n},title {n},text" for n in range(12_000)]
    lines[3] = '2,"title 2,text'
    lines[7] = '6,title 6,"text'
    rows = rows_of(tmp_path, "a.csv", ("\n".join(lines) + "\n").encode())

    assert [(row.line, row.problem) for row in rows if row.problem] == [
        (4, "a quotation mark is not closed"),
        (8, "a quotation mark is not closed"),
    ]
    assert len(rows) == 12_000
    assert rows[-1].values["id"] == "11999"


def test_a_lost_quotation_mark_before_a_quoted_row_costs_its_line_only(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.csv", b'id,subject,body\n1,"a,b\n2,"c",d\n3,"e\nf",g\n')

    assert [row.values.get("id") for row in rows if not row.problem] == ["2", "3"]
    assert [row.line for row in rows if row.problem] == [2]
    assert rows[-1].values["subject"] == "e\nf"


def test_a_quotation_mark_open_at_the_end_is_named(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "a.csv", b'id,body\n1,a\n2,"b')

    assert [row.problem for row in rows] == [None, "a quotation mark is not closed"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts(tmp_path: Path, end: str) -> None:
    rows = rows_of(tmp_path, "a.csv", end.join(["id,body", "1,a", '2,"b', 'c"', "3,d", ""]).encode())

    assert [row.line for row in rows] == [2, 3, 5]


def test_damage_inside_a_compressed_file_is_named(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(b"id,body\n" + b"".join(b"%d,a%d\n" % (n, n * 7919) for n in range(9000))))
    content[len(content) // 2 : len(content) // 2 + 40] = b"\xff" * 40
    with pytest.raises(UnreadableFileError, match="damaged"):
        rows_of(tmp_path, "a.csv.gz", bytes(content))
