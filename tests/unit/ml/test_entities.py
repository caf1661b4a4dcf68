import random
import time
from itertools import pairwise

import pytest

from support_copilot.ml.entities import extract_entities


def found(text: str) -> list[tuple[str, str]]:
    return [(entity.type, entity.text) for entity in extract_entities(text)]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("my order #4711-22 is late", ("order_number", "4711-22")),
        ("Bestellung Nr. 99812 fehlt", ("order_number", "99812")),
        ("Commande n° 774411", ("order_number", "774411")),
        ("invoice INV-2024-0012", ("invoice_number", "INV-2024-0012")),
        ("Rechnungsnummer: RE-2023/118", ("invoice_number", "RE-2023/118")),
        ("ticket #88123", ("ticket_number", "88123")),
        ("the TH-200 does not pair", ("product_code", "TH-200")),
        ("ticket TH-200", ("ticket_number", "TH-200")),
        ("see HADOOP-1234 for more", ("ticket_number", "HADOOP-1234")),
        ("Kundennummer: K-55123", ("account_number", "K-55123")),
        ("tracking 1Z999AA10123456784", ("tracking_number", "1Z999AA10123456784")),
        ("version 17.2", ("version", "17.2")),
        ("since v2.3.1-beta", ("version", "v2.3.1-beta")),
        ("Chrome 120.0.6099.109", ("version", "120.0.6099.109")),
        ("error code E-1042", ("error_code", "E-1042")),
        ("0x80070005", ("error_code", "0x80070005")),
        ("a NullPointerException occurs", ("error_code", "NullPointerException")),
        ("HTTP 404", ("http_status", "404")),
        ("502 Bad Gateway", ("http_status", "502")),
        ("it cost €1,299.00", ("amount", "€1,299.00")),
        ("10 000,50 € zu viel", ("amount", "10 000,50 €")),
        ("12.50 EUR", ("amount", "12.50 EUR")),
        ("on 2024-03-12", ("date", "2024-03-12")),
        ("am 12.03.2024", ("date", "12.03.2024")),
        ("am 3. Mai 2023", ("date", "3. Mai 2023")),
        ("on May 5", ("date", "May 5")),
        ("at 10:45 pm", ("time", "10:45 pm")),
        ("um 14 Uhr", ("time", "14 Uhr")),
        ("see https://example.com/a?b=1).", ("url", "https://example.com/a?b=1")),
        ("(https://example.com/a_(b))", ("url", "https://example.com/a_(b))")),
        ("mail kim@example.co.uk.", ("email", "kim@example.co.uk")),
        ("call +49 30 1234567", ("phone", "+49 30 1234567")),
        ("host 192.168.1.10", ("ip_address", "192.168.1.10")),
        ("host fe80::1", ("ip_address", "fe80::1")),
        ("in C:\\Users\\kim\\file.txt", ("file_path", "C:\\Users\\kim\\file.txt")),
        ("in /var/log/app.log", ("file_path", "/var/log/app.log")),
        ("model XR-200", ("product_code", "XR-200")),
        ("DE89370400440532013000", ("iban", "DE89370400440532013000")),
        ("4111 1111 1111 1111", ("card_number", "4111 1111 1111 1111")),
        ("#99812 again", ("reference_number", "99812")),
        ("Org.nr 912 345 678, please", ("registration_number", "912 345 678")),
        ("Organisationsnummer 556677-8899", ("registration_number", "556677-8899")),
        ("SIRET 812 345 678 00012", ("registration_number", "812 345 678 00012")),
        ("USt-IdNr. DE123456789", ("registration_number", "DE123456789")),
        ("KvK-nummer 12345678", ("registration_number", "12345678")),
        ("NIF 501 234 567", ("registration_number", "501 234 567")),
        ("company registration number 01234567", ("registration_number", "01234567")),
        ("P.IVA 01234567890", ("registration_number", "01234567890")),
        ("artikel 100234", ("product_code", "100234")),
        ("registration 2024-01-05", ("date", "2024-01-05")),
    ],
)
def test_each_kind_is_found(text: str, entity: tuple[str, str]) -> None:
    assert found(text) == [entity]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my order was late",
        "5 items in 30 days",
        "order 66",
        "the ticket was great",
        "a / b",
        "3.5 stars",
        "300.1.1.1.1",
    ],
)
def test_plain_words_and_numbers_are_none(text: str) -> None:
    assert found(text) == []


def test_offsets_are_exact_and_nothing_overlaps() -> None:
    text = (
        "Order 12345 from 2024-01-02 at 10:00, 5.00 EUR, see https://example.com/12345 "
        "or kim@example.com, v1.2.3, 🙂 HTTP 500"
    )
    entities = extract_entities(text)
    assert len(entities) == 8
    assert all(text[entity.start : entity.end] == entity.text for entity in entities)
    assert all(left.end <= right.start for left, right in pairwise(entities))


def test_random_input_keeps_offsets_exact() -> None:
    source = random.Random(7)
    alphabet = "aA1-./:#@ €\n$+(),0x\\_\x00é\ud800テ"
    for _ in range(200):
        text = "".join(source.choices(alphabet, k=300))
        entities = extract_entities(text)
        assert all(text[entity.start : entity.end] == entity.text for entity in entities)


@pytest.mark.parametrize("unit", ["a@", "/a", "A1-", "0 ", "order 1"])
def test_five_hostile_megabytes_take_moments(unit: str) -> None:
    text = unit * (5_000_000 // len(unit))
    started = time.process_time()
    assert len(extract_entities(text)) <= 500
    assert time.process_time() - started < 5


def test_a_card_behind_an_address_is_no_number_of_a_company() -> None:
    found = [(each.type, each.text) for each in extract_entities("kim@example.org 4111111111111111")]
    assert found == [("email", "kim@example.org"), ("card_number", "4111111111111111")]


def test_a_line_of_a_trace_is_no_version() -> None:
    found = extract_entities("at Writer.write(CsvWriter.java:214) on Java 17")

    assert [(entity.type, entity.text) for entity in found] == [("file_path", "CsvWriter.java"), ("version", "17")]


@pytest.mark.parametrize(
    "text",
    [
        "under Article 17 GDPR", "nach Artikel 15 DSGVO", "selon l'article 6", "según el artículo 17",
        "artigo 17 do RGPD",
        "item 3 of my list", "part 2", "registration number 12",
    ],
)  # fmt: skip
def test_a_place_in_a_law_or_a_list_is_no_code(text: str) -> None:
    assert found(text) == []
