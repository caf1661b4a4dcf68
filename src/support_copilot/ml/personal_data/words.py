"""Lists of words that the detectors know, in the languages that customers write."""

from typing import Final

#: What languages hang on a name: genitive and plural; cases of Slavic and Baltic languages, Finnish, Hungarian.
ENDINGS: Final = """
s es n en ns a u y i e o em ie owi owie ą ę ego emu iem ów ami ach iego im ej ii ze om ovi ova ové ovou ou ého ému
ým ne nek nak t at et ot ra re ban ben val vel in an un ın ün nın nin ta la lle lta ssa lla ksi ı yi yı as is us ai
ui os io
"""

#: Particles and titles that name nobody by themselves.
PARTICLES: Final = """
de da do dos das del della di du des la le las los el al von van der den vom zu zum zur und ten ter bin ibn ben abu
mc mac mr mrs ms miss dr prof herr frau hr fr sr sra srta mme mlle sig jr ii iii phd md y e dhr mevr pan pani
"""

#: What follows "my password is" or "password:" and is none.
NO_VALUE: Final = """
not wrong expired incorrect invalid correct right valid reset lost forgotten blocked locked refused rejected
accepted required needed missing empty weak strong too the that this what there still always never now being changed
working broken unknown ok fine good same different null none nil true false undefined yes optional default string
text hidden masked sent here nicht falsch abgelaufen ungültig richtig korrekt weg gesperrt verloren vergessen zu
sehr leer immer noch schon bekannt pas faux expiré invalide perdu oublié bloqué toujours trop no incorrecta correcta
válida inválida olvidada perdida bloqueada muy non errata scaduta sbagliata corretta valida bloccata dimenticata não
errada expirada correta esquecida niet fout onjuist verlopen juist geblokkeerd vergeten kwijt nie błędne złe
nieprawidłowe poprawne wygasło zablokowane case-sensitive secure protected safe important confidential only also
just already stored saved used shared known mine str int bool boolean char number object any void final new self
return incorrecte leider auch
"""

#: Marks of programming languages that begin like a handle.
ANNOTATIONS: Final = """
override test deprecated suppresswarnings before after beforeclass afterclass nullable nonnull visiblefortesting
interfaceaudience interfacestability param return returns throws see link code since author version inheritdoc value
autowired component service repository bean entity id column table media import charset font keyframes supports page
property staticmethod classmethod dataclass pytest app click ignore runwith timeout parameterized rule inject
singleton provides named path get post put delete produces consumes metric metrics private public evolving stable
unstable limitedprivate generated resource functionalinterface safevarargs notnull all everyone here channel team
localhost echo off export type todo fixme example json xml xmlelement xmlrootelement serial linkplain literal
exception
"""

#: Accounts that belong to machines, and words that follow "user" in a sentence.
SYSTEM_USERS: Final = """
root admin administrator hdfs yarn mapred hadoop hbase hive spark oozie zookeeper kafka nobody guest test tests user
users username public default shared system all jenkins ubuntu debian ec2-user centos vagrant docker www-data
postgres mysql oracle tomcat nginx apache git build builds app dev the and not my your a an me it for in on null
none true false name page button form screen failed error fails does with from at
"""
