"""Commands about the keys that contact data, secrets and files are encrypted with (not the API keys of programs)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from support_copilot.backends.master_key.config import FileMasterKeyConfig, KmsMasterKeyConfig, MasterKeyConfig
from support_copilot.backends.master_key.open import create_master_key_file, open_master_key
from support_copilot.backends.master_key.port import MasterKeyError
from support_copilot.cli.session import EXIT_FAILED, DataDirOption, JsonOption, command, people, print_json
from support_copilot.db.engine import Database, WriteSession, open_database
from support_copilot.db.migrate import SchemaMismatchError, current_revision, head_revision
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.kit.clock import utc_now
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.settings import Settings
from support_copilot.vault.rotation import key_uses, rewrap_keys, rotate_keys
from support_copilot.vault.vault import Vault
from support_copilot.wiring import open_data_keys

app = typer.Typer(help="Keys of encrypted contact data, secrets and files.", no_args_is_help=True)
FileOption = Annotated[Path, typer.Option("--file", help="Where the key is written.", show_default=False)]


@app.command("create-key")
def create_key_command(file: FileOption, as_json: JsonOption = False) -> None:
    """Make a master key in a file that nobody else can read; keep a copy of it elsewhere."""
    with command(None, as_json=as_json):
        if not create_master_key_file(file):
            raise MasterKeyError(f"{file} exists already and is left as it is.")
        if as_json:
            print_json({"file": str(file)})
        people.print(f"A new master key is in {file}. Without it nobody can read what is encrypted: keep a copy.")


@app.command("rotate")
def rotate_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Draw new data keys and encrypt everything anew while the product serves; a killed one goes on when run again."""
    with command(data_dir, as_json=as_json) as settings, _opened(settings) as (database, vault):
        with people.status("Telling every process of the new key …", spinner="dots") as status:
            moved = 0

            def report(table: str, rows: int) -> None:
                nonlocal moved
                moved += rows
                status.update(f"Encrypting {table} anew: {moved} rows")

            # Twice the time after which a process reads the keys anew: a request may have begun just before.
            done = rotate_keys(
                database,
                vault,
                clock=utc_now,
                wait=lambda: time.sleep(2 * settings.encryption.refresh_s),
                report=report,
                record=_record_rotation,
            )
        if as_json:
            print_json(asdict(done))
        people.print(f"{done.moved} rows are under generation {done.generation} of the data keys now.")
        if done.unreadable:
            people.print(
                f"[bold red]{len(done.unreadable)} rows cannot be read by any key[/] and were left as they are:"
            )
            people.print(", ".join(done.unreadable[:20]), markup=False, highlight=False)
            raise typer.Exit(EXIT_FAILED)


@app.command("status")
def status_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Say which keys there are and how many values are under each."""
    with command(data_dir, as_json=as_json) as settings, _opened(settings) as (database, vault):
        uses = key_uses(database, vault)
        if as_json:
            print_json({"generations": [asdict(use) for use in uses]})
            return
        table = Table("Generation", "State", "Values", "Since", "Wrapped by", box=None)
        for use in uses:
            since = f"{use.created_at:%Y-%m-%d}"
            table.add_row(str(use.generation), use.state, str(use.values), since, use.master_key_id)
        people.print(table)


@app.command("rewrap")
def rewrap_command(
    file: Annotated[Path | None, typer.Option("--file", help="File of the new master key.")] = None,
    kms_key_arn: Annotated[
        str | None, typer.Option("--kms-key-arn", help="ARN of the new master key in AWS KMS.")
    ] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put the data keys under another master key; then change the setting, which counts at the next start."""
    with command(data_dir, as_json=as_json) as settings:
        new = open_master_key(_master_key_config(file, kms_key_arn), create=False)
        with _opened(settings) as (database, vault):
            count = rewrap_keys(database, vault, new, record=_record_rewrap)
        if as_json:
            print_json({"master_key_id": new.id, "generations": count})
        people.print(
            f"The data keys are under {new.id} now: change the settings `encryption`, keep the old key for old backups."
        )


def _master_key_config(file: Path | None, kms_key_arn: str | None) -> MasterKeyConfig:
    if (file is None) == (kms_key_arn is None):
        raise InvalidRequestError("Give either --file or --kms-key-arn.")
    return (
        FileMasterKeyConfig(path=file) if kms_key_arn is None else KmsMasterKeyConfig(kind="kms", key_arn=kms_key_arn)
    )


def _record_rotation(session: WriteSession, generation: int) -> None:
    record_audit(session, AuditEvent("encryption.rotated", utc_now(), LOCAL_CLI, after={"key_version": generation}))


def _record_rewrap(session: WriteSession, generations: int) -> None:
    event = AuditEvent("encryption.master_key_changed", utc_now(), LOCAL_CLI, after={"count": generations})
    record_audit(session, event)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Database, Vault]]:
    """The database and its keys alone, beside a running server."""
    database = open_database(settings.database, str(settings.database_path))
    try:
        if current_revision(database) != head_revision():
            raise SchemaMismatchError
        yield database, open_data_keys(settings, database)
    finally:
        database.close()
