"""What codes, numbers and addresses look like (data of ``entities``).

Every repetition has a limit and no two neighbouring parts of a pattern match the same text, so the cost is linear.
"""

import re
from collections.abc import Mapping
from typing import Final


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


#: Letters, digits, dots and dashes with a digit among them: what may follow a label.
CODE: Final = _any_case(r"(?<![\w@./\\-])(?=[a-z\-_/]{0,12}\d)[a-z\d](?:[a-z\d\-_/.]{0,40}[a-z\d])?(?![\w@%])")
#: Words that may stand between a label and its number: "order number is #4711".
FILLERS: Final = frozenset(
    {
        "number", "numbers", "no", "nr", "num", "nummer", "numéro", "numero", "número", "n", "id", "code", "ref", "is",
        "lautet", "código", "codice", "status", "est", "es", "è", "é",
    }
)  # fmt: skip
_LABELS: Final = {
    "invoice_number": "invoice invoices inv rechnung rechnungsnummer rechnungs-nr rechnungsnr facture factures factura "
    "facturas fattura fatture fatura faturas factuur factuurnummer receipt",
    "order_number": "order orders po bestellung bestellnummer bestell-nr bestellnr auftrag auftragsnummer auftrags-nr "
    "commande commandes pedido pedidos orden ordine ordini encomenda bestelling bestelnummer ordernummer",
    "ticket_number": "ticket tickets case request incident reference issue bug vorgang vorgangsnummer ticketnummer "
    "ticket-nr fall fallnummer dossier caso chamado protocolo segnalazione zaak zaaknummer meldingsnummer",
    "tracking_number": "tracking shipment parcel sendung sendungsnummer colis envío spedizione zending",
    "reference_number": "transaction transactions txn transaktion transaktionsnummer transacción transação transazione "
    "transactie confirmation booking reservation buchung buchungsnummer réservation reserva prenotazione boeking pnr",
    "account_number": "account customer client contract policy kunde kundennummer kunden-nr vertrag vertragsnummer "
    "konto kontonummer compte contrat cuenta cliente contrato conto contratto conta klant klantnummer rekening",
    "product_code": "sku product article item model part serial s/n p/n asin ean artikel artikelnummer modell "
    "seriennummer produit modèle série producto modelo articolo modello produto serienummer",
    "registration_number": "org orgnr orgnummer organisation organization organisasjonsnummer organisationsnummer "
    "organisationsnr virksomhedsnummer cvr registration company-number company vat vat-id vatin ein abn acn "
    "crn handelsregister handelsregisternummer registernummer hrb hrn ust ust-id ust-idnr ustid umsatzsteuer-id "
    "umsatzsteuer-identifikationsnummer uid firmenbuchnummer steuernummer siret siren rcs tva immatriculation nif cif "
    "nipc cnpj rut nit contribuyente contribuinte kvk kvk-nummer btw btw-nummer rsin ondernemingsnummer "
    "p.iva piva iva rea fiscale krs nip regon",
    "error_code": "error errors err fault exit fehler fehlercode erreur error-code errore errori erro fout foutcode "
    "http https",
    "version": "version versión versão versione versie release build firmware ver ios ipados android windows macos "
    "ubuntu debian chrome firefox safari edge python java node php mysql",
}
#: What a number is, by the word before it.
KIND_OF_LABEL: Final[Mapping[str, str]] = {
    label.casefold(): kind for kind, labels in _LABELS.items() for label in labels.split()
}

_MONTHS: Final = (
    "jan(?:uary|uar|vier|eiro)?|feb(?:ruary|ruar|ruari|rero)?|fév(?:rier)?|fevereiro|mar(?:ch|s|zo|ço)?|märz|maart|"
    "apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|may|mai|mayo|maio|maggio|mei|june?|juni|juin|junio|junho|giugno|july?|juli|"
    "juillet|julio|julho|luglio|aug(?:ust|ustus)?|août|agosto|sep(?:t|tember|tembre|tiembre)?|setembro|settembre|"
    "o[ck]t(?:ober|obre)?|octubre|outubro|ottobre|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember)?|décembre|"
    "diciembre|dezembro|dicembre|gennaio|febbraio|enero|januari"
)
_CURRENCY: Final = (
    r"(?:US\$|A\$|C\$|R\$|[€$£¥₹₽₺₩₴฿]|\b(?:USD|EUR|GBP|CHF|JPY|INR|AUD|CAD|BRL|SEK|NOK|DKK|PLN|CZK|HUF|CNY|MXN|ZAR|"
    r"euros?|dollars?|pounds?|francs?|reais)\b)"
)
_MONEY_NUMBER: Final = r"\d{1,9}(?:[.,' \u00a0\u202f]\d{3}){0,4}(?:[.,]\d{1,2})?(?!\d)"
_FILE_ENDINGS: Final = (
    "log|txt|pdf|csv|tsv|xlsx?|docx?|pptx?|png|jpe?g|gif|zip|tar|gz|7z|json|xml|ya?ml|toml|ini|cfg|conf|exe|dll|msi|"
    "dmg|apk|iso|sql|db|bak|html?|php|py|js|ts|java|sh|bat|ps1|eml|ics|heic|mp4|mov|svg"
)

#: In order of precedence: where two overlap, the earlier kind wins. The texts in the middle say where to look at all:
#: only where one of them occurs, or, with none, around digits.
Patterns = tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]
#: Before labelled numbers: what would be cut to pieces by them.
ADDRESSES: Final[Patterns] = (
    ("url", ("://", "www.", "WWW."), _any_case(r"(?:\b(?:https?|ftp)://|\bwww\.)[^\s<>\"'`|\\^{}]{2,2000}")),
    ("email", ("@",), _any_case(r"(?<![\w.+%-])[\w.+%-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,6}\b")),
    ("iban", (), re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?\b")),
    ("card_number", (), re.compile(r"(?<![\w.+-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])")),
    ("file_path", ("\\",), re.compile(r"\b[A-Za-z]:\\[^\s<>:\"|?*]{1,240}|\\\\[\w.$-]{1,80}(?:\\[\w.$-]{1,80}){1,20}")),
    ("file_path", ("/",), re.compile(r"(?<![\w/.:~])~?(?:/[\w.@+-]{1,80}){2,20}/?")),
    ("file_path", (".",), _any_case(rf"(?<![\w.-])[\w-]{{1,80}}(?:\.[\w-]{{1,20}}){{0,3}}\.(?:{_FILE_ENDINGS})\b")),
    ("ip_address", (), re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\w)")),
    ("ip_address", (":",), _any_case(r"(?<![\w:.])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])")),
    ("identifier", (), _any_case(r"\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b")),
)
#: After them: what speaks for itself, the more exact first.
PLAIN: Final[Patterns] = (
    ("invoice_number", (), re.compile(r"\b(?:INV|RE|RG|FAC|FT)[-_#/]\d[\dA-Z\-/]{2,24}\b")),
    ("order_number", (), re.compile(r"\b(?:ORD|ORDER|SO|PO|AB)[-_#]\d[\dA-Z-]{2,24}\b")),
    ("tracking_number", (), re.compile(r"\b1Z[\dA-Z]{16}\b")),
    ("product_code", (), re.compile(r"\bSKU[-_]?[\dA-Z][\dA-Z\-]{2,24}\b")),
    (
        "http_status",
        (),
        _any_case(
            r"(?<![\w.,-])(?P<value>[45]\d\d)(?=[ \t](?:errors?|internal server|not found|bad gateway|bad request|"
            r"service unavailable|gateway time|forbidden|unauthorized|too many|fehler|status|response)\b)"
        ),
    ),
    (
        "error_code",
        ("ERR", "E_", "E-", "0x", "ORA-"),
        re.compile(r"\b(?:ERR|ERROR|E)[_-][A-Z\d][A-Z\d_-]{2,60}\b|\b0x[\da-fA-F]{2,16}\b|\bORA-\d{5}\b"),
    ),
    (
        "error_code",
        ("Error", "Exception", "Fault", "ECONN", "EHOST", "ENO", "EACC", "EPERM", "ETIMED"),
        re.compile(
            r"\b[A-Z][A-Za-z]{2,60}(?:Exception|Error|Fault)\b|\bE(?:CONN|HOST|NET|TIMED|NO|ACCES|PERM|PIPE|ADDR)[A-Z]{0,12}\b"
        ),
    ),
    (
        "date",
        (),
        re.compile(r"(?<![\w.-])(?:19|20)\d\d[-/.](?P<month>0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?![\d-])"),
    ),
    ("date", (), re.compile(r"(?<![\w./-])\d{1,2}(?P<mark>[./-])\d{1,2}(?P=mark)(?:19|20)?\d\d(?![\w/-]|\.\d)")),
    (
        "date",
        (),
        _any_case(
            rf"(?<![\w.,])(?:0?[1-9]|[12]\d|3[01])(?:\.|st|nd|rd|th|er|º)?(?: of| de)? (?:{_MONTHS})\b\.?"
            r"(?:,? (?:de |del )?(?:19|20)\d\d\b)?"
        ),
    ),
    (
        "date",
        (),
        _any_case(rf"\b(?:{_MONTHS})\.? (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\b(?:,? (?:19|20)\d\d\b)?(?![.:]\d)"),
    ),
    ("time", (), _any_case(r"(?<![\w:.])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\b\.?| Uhr)?(?![\w:])")),
    ("time", (), _any_case(r"(?<![\w:.,])(?:1[0-2]|0?[1-9]) ?[ap]m\b|(?<![\w:.,])(?:[01]?\d|2[0-3]) Uhr\b")),
    ("amount", (), _any_case(rf"{_CURRENCY} ?{_MONEY_NUMBER}|(?<![\w.,-]){_MONEY_NUMBER} ?{_CURRENCY}")),
    ("version", (), _any_case(r"(?<![\w.])v\d{1,4}(?:\.\d{1,6}){0,4}(?:[-+][a-z\d][\w.]{0,30})?\b(?!\.\d)")),
    (
        "version",
        (),
        _any_case(r"(?<![\w.,/-])\d{1,4}\.\d{1,5}\.\d{1,6}(?:\.\d{1,6})?(?:[-+][a-z\d][\w.]{0,30})?(?![\w/]|[.,]\d)"),
    ),
    # Two or three letters and as few digits are a model ("TH-200"); tickets have longer names or higher numbers.
    ("product_code", (), re.compile(r"\b[A-Z]{2,3}-\d{2,3}[A-Z]?\b(?![.-]?\w)")),
    ("ticket_number", (), re.compile(r"\b[A-Z][A-Z\d]{1,9}-\d{1,8}\b(?![.-]?\w)")),
    ("phone", (), re.compile(r"(?<![\w.,/-])(?:\+\d|00\d|\(?0\d|\(\d|\d{3}[ .-])[\d ()./-]{5,17}\d(?![\w/-])")),
    ("reference_number", (), re.compile(r"(?<![\w&#/])#(?P<value>\d{3,12})\b(?!-)")),
)
