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


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("The refund for order PW-445566 still has not arrived.", {"refund_awaited"}),
        ("Die Erstattung für die Bestellung PW-445566 ist immer noch nicht da.", {"refund_awaited"}),
        ("Le remboursement de la commande PW-445566 n'est toujours pas arrivé.", {"refund_awaited"}),
        ("El reembolso del pedido PW-445566 todavía no ha llegado.", {"refund_awaited"}),
        ("O reembolso da encomenda PW-445566 ainda não chegou.", {"refund_awaited"}),
        ("De terugbetaling voor bestelling PW-445566 is nog steeds niet binnen.", {"refund_awaited"}),
        ("I want a refund because my parcel never arrived.", {"parcel_missing"}),
        ("I want a refund for the order PW-445566 that never arrived.", {"parcel_missing"}),
        ("I sent the parcel back and have not received the refund.", {"refund_awaited"}),
        ("PW-445566 has not arrived.", {"parcel_missing"}),
        ("The confirmation e-mail for my order has not arrived.", set()),
        ("La factura del pedido no ha llegado.", set()),
        ("Two payments on my account that I did not make.", {"payment_not_made"}),
        ("Zwei Abbuchungen, die ich nicht gemacht habe.", {"payment_not_made"}),
        ("Deux débits que je ne reconnais pas.", {"payment_not_made"}),
        ("Veo dos cargos que yo no he hecho.", {"payment_not_made"}),
        ("Vejo dois pagamentos que não fiz.", {"payment_not_made"}),
        ("Twee afschrijvingen die ik niet herken.", {"payment_not_made"}),
        ("J'ai annulé ma commande et pourtant ma carte a été débitée.", {"charged_for_cancelled_order"}),
        ("El seguimiento dice entregado, pero no lo recibí.", {"parcel_missing"}),
        ("Gestern zugestellt, aber hier ist nichts angekommen.", {"parcel_missing"}),
        ("Ich habe die Zahlung noch nicht gemacht.", set()),
        ("You sent me the invoice twice.", set()),
        ("I tried to pay twice and the page ended with an error.", set()),
        ("We ordered two identical mugs and the payment page shows the price of one.", set()),
        ("I want to cancel my plan. When is the last payment?", set()),
    ],
)
def test_it_is_told_what_something_happened_to(text: str, matters: set[str]) -> None:
    assert matters_of(text) == matters


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
