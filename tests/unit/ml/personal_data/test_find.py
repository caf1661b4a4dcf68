import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_copilot.ml.personal_data import KnownPerson, find_personal_data, mask


def found(text: str, language: str | None = None) -> list[tuple[str, str]]:
    return [(each.type, text[each.start : each.end]) for each in find_personal_data(text, language=language)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("write to kim.li+x@example.co.uk.", "email", "kim.li+x@example.co.uk"),
        ("<mailto:jörg@straße.example>", "email", "jörg@straße.example"),
        ("kim (at) example dot com please", "email", "kim (at) example dot com"),
        ("call +49 30 1234567 today", "phone", "+49 30 1234567"),
        ("my number is 9472 7916", "phone", "9472 7916"),
        ("fax 780-999-2181.", "phone", "780-999-2181"),
        ("it is (541) 714-1388", "phone", "(541) 714-1388"),
        ("Rückruf unter 030/12345678", "phone", "030/12345678"),
        ("01 84 17 61 18", "phone", "01 84 17 61 18"),
        ("pay with 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("card number 630427373398", "card", "630427373398"),
        ("meine Karte 5555-5555-5555-4444", "card", "5555-5555-5555-4444"),
        ("IBAN: DE89 3704 0044 0532 0130 00 danke", "iban", "DE89 3704 0044 0532 0130 00"),
        ("transfer from gb82west12345698765432", "iban", "gb82west12345698765432"),
        ("my IBAN DE00 3704 0044 0532 0130 00", "iban", "DE00 3704 0044 0532 0130 00"),
        ("SSN 460-89-9847", "national_id", "460-89-9847"),
        ("DNI 12345678Z", "national_id", "12345678Z"),
        ("PESEL: 44051401359", "national_id", "44051401359"),
        ("Personalausweis Nr. T22000129", "national_id", "T22000129"),
        ("il codice RSSMRA85T10A562S", "national_id", "RSSMRA85T10A562S"),
        ("CPF 390.533.447-05", "national_id", "390.533.447-05"),
        ("NINO AB 12 34 56 C", "national_id", "AB 12 34 56 C"),
        ("passport no. 533380006", "national_id", "533380006"),
        ("host 203.0.113.7 is down", "ip_address", "203.0.113.7"),
        ("from 2001:db8::8a2e:370:7334", "ip_address", "2001:db8::8a2e:370:7334"),
        ("device 00:1A:2B:3C:4D:5E", "mac_address", "00:1A:2B:3C:4D:5E"),
        ("born on 12/03/1977", "birth_date", "12/03/1977"),
        ("geboren am 3. Mai 1980", "birth_date", "3. Mai 1980"),
        ("fecha de nacimiento: 03-11-1990", "birth_date", "03-11-1990"),
        ("follow @janedoe please", "username", "@janedoe"),
        ("my username is jane_doe99", "username", "jane_doe99"),
        ("in /home/janedoe/report.txt", "username", "janedoe"),
        ("C:\\Users\\jane\\a.txt", "username", "jane"),
        ("see https://shop.example/users/janedoe", "url", "https://shop.example/users/janedoe"),
        ("open https://shop.example/r?token=abcdef12.", "url", "https://shop.example/r?token=abcdef12"),
        ("my site http://www.artistmovie.se/", "url", "http://www.artistmovie.se/"),
        ("my password is hunter2.", "secret", "hunter2"),
        ("Passwort: geheim!", "secret", "geheim"),
        ("mon mot de passe est soleil, merci", "secret", "soleil"),
        ("PIN 4711", "secret", "4711"),
        ("export API_KEY=a8f5f167f44f", "secret", "a8f5f167f44f"),
        ("Authorization: Bearer abcdef123456789", "secret", "abcdef123456789"),
        ("key AKIAIOSFODNN7EXAMPLE used", "secret", "AKIAIOSFODNN7EXAMPLE"),
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "secret",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        ),
        ("Kennzeichen B-MW 1234", "licence_plate", "B-MW 1234"),
        ("221B Baker Street, London NW1 6XE", "address", "221B Baker Street, London NW1 6XE"),
        ("wohne Lange Straße 12, 10115 Berlin", "address", "Lange Straße 12, 10115 Berlin"),
        ("au 12 rue de la Paix, 75002 Paris", "address", "12 rue de la Paix, 75002 Paris"),
        ("en Calle Mayor 5, 28013 Madrid", "address", "Calle Mayor 5, 28013 Madrid"),
        ("in Via Roma 10, 00184 Roma", "address", "Via Roma 10, 00184 Roma"),
        ("na Rua Augusta 100, 1100-053 Lisboa", "address", "Rua Augusta 100, 1100-053 Lisboa"),
        ("Keizersgracht 12, 1015 CN Amsterdam", "address", "Keizersgracht 12, 1015 CN Amsterdam"),
        ("ul. Długa 7/9, 00-238 Warszawa", "address", "ul. Długa 7/9, 00-238 Warszawa"),
        ("PSC 6293, Box 8158\nAPO AP 04336", "address", "PSC 6293, Box 8158\nAPO AP 04336"),
    ],
)
def test_each_kind_is_found(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "my order 4711 2234 5567 is late",
        "Bestellnummer 4111111111111111",
        "invoice 20240012345 of 2024-03-12",
        "since version 1.2.3.4 and Chrome 120.0.6099.109",
        "it cost € 1 234 567 and 12 345 678 more",
        "at 2017-09-12 13:45:22 and 12/03/2024",
        "commit 5f2b1c9d8e7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "@Override public void run() at com.example.Main.run(Main.java:42)",
        "my password is wrong. The token has expired, password reset does not work",
        'password = conf.get("x"), token=null, secret: ${SECRET}',
        "bound to 127.0.0.1 and 0.0.0.0, mask 255.255.255.0, ::1",
        "git@github.com:example/project.git",
        "see https://docs.python.org/3/library/re.html#module-re",
        "copy the file via Chrome 12, place order 12345, 2 Hard Drive failures",
        "std::vector<int> a::b",
        "logo@2x.png",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_private_key_is_found_even_without_its_end() -> None:
    begin, end = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
    whole = f"{begin}\nMIIEow\nIBAAKC==\n{end}"
    assert found(f"here:\n{whole}\nthanks!") == [("secret", whole)]
    assert found(f"{begin}\nMIIEow") == [("secret", f"{begin}\nMIIEow")]


KIM = KnownPerson("Anna Müller", ("anna.mueller82@example.com",), ("+49 30 1234567",), ("amx",))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Hi, Anna here", "Anna"),
        ("ANNA MÜLLER", "ANNA MÜLLER"),
        ("Annas Konto", "Annas"),
        ("Anna's account", "Anna"),
        ("konto Anny jest", "Anny"),
        ("Mullers Vertrag", "Mullers"),
        ("Frau Mueller", "Mueller"),
        ("best, A. Müller", "A. Müller"),
        ("MU\u0308LLER", "MU\u0308LLER"),
        ("müller wrote", "müller"),
        ("ask amx about it", "amx"),
        ("login anna.mueller82", "anna.mueller82"),
        ("030/1234567", "030/1234567"),
        ("0049301234567", "0049301234567"),
    ],
)
def test_known_people_are_found_in_every_form(text: str, value: str) -> None:
    spans = [text[each.start : each.end] for each in find_personal_data(text, known=[KIM])]
    assert spans == [value]


def test_words_that_begin_like_a_known_name_are_left_alone() -> None:
    assert find_personal_data("an annual anagram, and a mulled wine", known=[KIM]) == []


def test_spared_people_stay_unless_they_share_a_name() -> None:
    agent = KnownPerson("Anna Kowalski", ("a.kowalski@desk.example",), spared=True)
    text = "Kowalski (a.kowalski@desk.example), Kowalskiego"
    assert find_personal_data(text, known=[agent]) == []
    both = find_personal_data("Anna and Kowalski", known=[KIM, agent])
    assert [(each.start, each.end) for each in both] == [(0, 4)]


def test_names_of_writing_without_spaces_are_found() -> None:
    person = KnownPerson("山田 太郎")
    text = "私は山田太郎です"
    masked = mask(text, find_personal_data(text, known=[person]), "blocks")
    assert masked == "私は■■■■です"


@given(
    st.lists(
        st.sampled_from(
            [
                "kim@example.org",
                "+49 30 1234567",
                "Anna",
                "👩🏽‍💻",
                "e\u0301",
                "שלום",
                "\x00",
                "\u202e",
                "12",
                "@x_y",
                " ",
                "\n",
                "ß",
                "İ",
            ]
        )
        | st.text(max_size=4)
    ).map("".join)
)
@settings(deadline=None)
def test_findings_are_in_order_and_inside_the_text(text: str) -> None:
    position = 0
    for each in find_personal_data(text, known=[KIM]):
        assert position <= each.start < each.end <= len(text)
        assert 0 < each.confidence <= 1
        position = each.end


def test_offsets_hold_among_characters_of_all_kinds() -> None:
    before = "👩🏽‍💻 e\u0301 İ ß שלום عربي \x00 \u202e "
    text = f"{before}kim@example.org, {before}+49 30 1234567"
    assert ("email", "kim@example.org") in found(text)
    assert ("phone", "+49 30 1234567") in found(text)


def test_mask_styles() -> None:
    text = "kim@example.org, KIM@example.org and lee@example.org"
    spans = find_personal_data(text)
    assert mask(text, spans) == "[EMAIL], [EMAIL] and [EMAIL]"
    assert mask(text, spans, "numbered") == "[EMAIL_1], [EMAIL_1] and [EMAIL_2]"
    assert mask("x a@b.co", find_personal_data("x a@b.co"), "blocks") == "x ■■■■■■"


@pytest.mark.parametrize(
    "piece",
    [
        "a@",
        "1 ",
        "1-",
        "a1 ",
        "Rue A ",
        "x:",
        "1.",
        "password is ",
        "+1 (",
        "[EMAIL_",
        "-----BEGIN PRIVATE KEY-----",
        "A" * 50,
        "@a",
        "a.b/",
        "12 Oak Elm ",
    ],
)
def test_hostile_texts_take_time_that_grows_with_their_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        spent = []
        for _ in range(3):
            start = time.process_time()
            find_personal_data(text, known=[KIM])
            spent.append(time.process_time() - start)
        return min(spent)

    # Four times the length in less than twelve times the time: a square would take sixteen times.
    assert seconds(80_000) < 12 * max(seconds(20_000), 0.05)
