"""What happened, in several languages, told apart from what is like it."""

import pytest

from support_copilot.ml.matters import is_other_matter, matters_of


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("I cancelled last month and you charged my card again.", "charged_after_end"),
        ("Trotz Kündigung wurde wieder abgebucht.", "charged_after_end"),
        ("The card was debited two times for one invoice.", "charged_twice"),
        ("Débité deux fois de 40 euros.", "charged_twice"),
        ("The carton was torn and the goods are dented.", "parcel_damaged"),
        ("El paquete lleva nueve días sin moverse.", "parcel_missing"),
        ("De vervoerder weigert onze labels.", "labels_refused"),
        ("Der Drucker druckt leere Etiketten.", "labels_blank"),
        ("Alle Angebote gesperrt", "listings_blocked"),
        ("Reembolso: onde está o dinheiro", "refund_awaited"),
        ("Anulei o contrato em maio e descontaram-me outra vez este mês.", "charged_after_end"),
        ("A caixa chegou amolgada e o vaso está rachado, a encomenda não serve.", "parcel_damaged"),
        ("Het pakje is nooit bezorgd.", "parcel_missing"),
        ("De doosjes kwamen verpletterd aan bij de bezorger.", "parcel_damaged"),
    ],
)
def test_what_happened_is_named_in_any_language(text: str, matter: str) -> None:
    assert matter in matters_of(text)


def test_words_that_stand_far_apart_name_nothing() -> None:
    between = (
        "We sell tea and coffee of many kinds in a small shop by the harbour and like your product very much. " * 2
    )
    assert "parcel_damaged" not in matters_of(f"The parcel is here. {between} My chair is broken.")


def test_another_matter_of_the_same_group_is_told_apart() -> None:
    asked = matters_of("Charged after cancelling")

    assert is_other_matter(asked, matters_of("Double charge: apology and refund"))
    assert not is_other_matter(asked, matters_of("Charged after cancelling: check and refund"))
    assert not is_other_matter(asked, matters_of("Terminal offline: first aid"))
    assert not is_other_matter(frozenset(), matters_of("Double charge: apology and refund"))
