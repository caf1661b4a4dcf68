"""By which word somebody is greeted, and who is nobody to be greeted by name."""

import pytest

from support_copilot.ml.given_names import given_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ana Example", "Ana"), ("Example, Ana", "Ana"), ("Ana", "Ana"), ("Marie-Claire Dupont", "Marie-Claire"),
        ("MARIE DUPONT", "MARIE"), ("Olu Adeyemi", "Olu"), ("Jan de Vries", "Jan"), ("Li Na", "Li"), ("Se Young", "Se"),
        ("Frau Dr. Lena Weber", "Lena"), ("Mme Chloé Martin", "Chloé"), ("J. Robert Smith", "Robert"), ("Jo", "Jo"),
        ("Kim7", "Kim7"),
    ],
)  # fmt: skip
def test_a_person_is_greeted_by_the_given_name(name: str, expected: str) -> None:
    assert given_name(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Ward IT", "Station 7", "IT", "Müller GmbH", "Rossi Srl", "Smith & Sons", "Buchhaltung", "Lagerverwaltung Nord",
        "Comptabilité", "Equipo de compras", "Afdeling Inkoop", "Armazém Norte", "Ufficio acquisti", "Accounts Payable",
        "Hotel Rose", "Praxis Dr. Klein", "Team Alpha", "info@example.com", "The Kitchen Store",
    ],
)  # fmt: skip
def test_a_company_or_a_department_has_no_given_name(name: str) -> None:
    assert given_name(name) is None


@pytest.mark.parametrize(
    "name", ["J. Smith", "J Smith", "J.", "Dr. Weber", "Herr Weber", "Mme Dupont", "Sr. García", " ", None]
)
def test_an_initial_or_a_family_name_behind_a_title_is_no_given_name(name: str | None) -> None:
    assert given_name(name) is None
