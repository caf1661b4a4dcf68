"""Background work of privacy."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from support_copilot.db.outbox import asked_since, enqueue
from support_copilot.privacy.anonymization import anonymize_customer
from support_copilot.privacy.erasure import erase_customer
from support_copilot.privacy.exports import export_customer, remove_expired_exports
from support_copilot.privacy.holds import MASK_KEPT
from support_copilot.privacy.kept import mask_kept
from support_copilot.privacy.retention import enforce_retention
from support_copilot.privacy.suppression import replay_erasures
from support_copilot.resources import Resources


def _export(resources: Resources, payload: Mapping[str, Any]) -> None:
    export_customer(resources, payload["request_id"])


def _anonymize(resources: Resources, payload: Mapping[str, Any]) -> None:
    anonymize_customer(resources, payload["request_id"])


def _erase(resources: Resources, payload: Mapping[str, Any]) -> None:
    erase_customer(resources, payload["request_id"])


def _enforce_retention(resources: Resources, _payload: Mapping[str, Any]) -> None:
    enforce_retention(resources)
    mask_kept(resources)
    remove_expired_exports(resources, resources.clock())


def _mask_kept(resources: Resources, _payload: Mapping[str, Any]) -> None:
    mask_kept(resources)


def _replay_erasures(resources: Resources, _payload: Mapping[str, Any]) -> None:
    replay_erasures(resources)


HANDLERS: Final[Mapping[str, Callable[[Resources, Mapping[str, Any]], None]]] = {
    "privacy.export_customer": _export,
    "privacy.anonymize_customer": _anonymize,
    "privacy.erase_customer": _erase,
    "privacy.enforce_retention": _enforce_retention,
    MASK_KEPT: _mask_kept,
    "privacy.replay_erasures": _replay_erasures,
}


def ask_for_daily_work(resources: Resources) -> None:
    """Have retention enforced once a day, whichever worker asks, and the list of erased customers looked through.

    The latter also whenever a worker starts: the database may have been restored from a backup.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        if not asked_since(session, "privacy.enforce_retention", now - timedelta(hours=23)):
            enqueue(session, "privacy.enforce_retention", {}, now=now, dedupe_key="privacy.enforce_retention")
        enqueue(session, "privacy.replay_erasures", {}, now=now, dedupe_key="privacy.replay_erasures")
