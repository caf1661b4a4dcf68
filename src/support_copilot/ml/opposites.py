"""Words that turn a statement around, in English, German, French, Spanish, Portuguese, Dutch and Italian."""

from typing import Final

#: Instructions that undo each other.
INSTRUCTIONS: Final = (
    ("enable", "disable"), ("turn on", "turn off"), ("switch on", "switch off"), ("activate", "deactivate"),
    ("add", "remove"), ("increase", "decrease"), ("install", "uninstall"), ("allow", "block"), ("check", "uncheck"),
    ("keep", "delete"), ("must", "must not"), ("use", "do not use"), ("aktivieren", "deaktivieren"),
    ("einschalten", "ausschalten"), ("hinzufügen", "entfernen"), ("activer", "désactiver"), ("ajouter", "supprimer"),
    ("activar", "desactivar"), ("añadir", "quitar"), ("ativar", "desativar"), ("adicionar", "remover"),
    ("inschakelen", "uitschakelen"), ("toevoegen", "verwijderen"),
)  # fmt: skip
#: Statements that exclude each other, said of the same thing.
STATEMENTS: Final = (
    ("before", "after"), ("within", "after"), ("always", "never"), ("more", "less"), ("more", "fewer"),
    ("first", "last"),
    ("minimum", "maximum"), ("at least", "at most"), ("up to", "at least"), ("increases", "decreases"), ("on", "off"),
    ("open", "close"), ("opened", "closed"), ("left", "right"), ("upload", "download"), ("import", "export"),
    ("lock", "unlock"), ("locked", "unlocked"), ("connect", "disconnect"), ("with", "without"),
    ("included", "excluded"),
    ("required", "optional"), ("mandatory", "optional"), ("possible", "impossible"), ("all", "none"), ("every", "no"),
    ("everyone", "nobody"), ("earlier", "later"), ("next", "previous"), ("inside", "outside"), ("sign in", "sign out"),
    ("log in", "log out"), ("faster", "slower"), ("higher", "lower"), ("longer", "shorter"), ("larger", "smaller"),
    ("succeeds", "fails"), ("accepted", "rejected"), ("valid", "invalid"), ("valid", "expired"), ("public", "private"),
    ("free", "paid"), ("start", "stop"), ("starts", "ends"), ("top", "bottom"), ("monthly", "yearly"),
    ("daily", "weekly"), ("weekly", "monthly"), ("until", "from"), ("online", "offline"), ("manually", "automatically"),
    ("above", "below"), ("over", "under"), ("somebody", "nobody"), ("someone", "nobody"), ("somebody", "no one"),
    ("someone", "no one"),
    ("oberhalb", "unterhalb"), ("über", "unter"), ("jemand", "niemand"), ("alguien", "nadie"), ("encima", "debajo"),
    ("dessus", "dessous"), ("alguém", "ninguém"), ("iemand", "niemand"), ("boven", "onder"), ("sopra", "sotto"),
    ("vor", "nach"), ("innerhalb", "nach"), ("immer", "nie"), ("mehr", "weniger"), ("mindestens", "höchstens"),
    ("öffnen", "schließen"),
    ("mit", "ohne"), ("an", "aus"), ("erste", "letzte"), ("anmelden", "abmelden"), ("möglich", "unmöglich"),
    ("monatlich", "jährlich"), ("täglich", "wöchentlich"), ("früher", "später"), ("gültig", "ungültig"),
    ("gültig", "abgelaufen"), ("links", "rechts"), ("avant", "après"), ("toujours", "jamais"), ("plus", "moins"),
    ("ouvrir", "fermer"), ("ouvrez", "fermez"), ("avec", "sans"), ("premier", "dernier"), ("gauche", "droite"),
    ("mensuel", "annuel"), ("antes", "después"), ("siempre", "nunca"), ("más", "menos"), ("abrir", "cerrar"),
    ("con", "sin"), ("primero", "último"), ("antes", "depois"), ("sempre", "nunca"), ("mais", "menos"),
    ("voor", "na"), ("altijd", "nooit"), ("meer", "minder"), ("prima", "dopo"), ("sempre", "mai"), ("più", "meno"),
)  # fmt: skip
