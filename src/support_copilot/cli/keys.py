"""Commands about API keys and signing keys: key."""

from datetime import timedelta
from typing import Annotated, cast

import typer

from support_copilot.cli.identity_database import RoleName, checked_name, identity_database
from support_copilot.cli.session import DataDirOption, JsonOption, command, people, print_json
from support_copilot.identity.api_keys import create_key, revoke_key, rotate_key
from support_copilot.identity.permissions import Role
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.identity.signing import Keyring
from support_copilot.kit.clock import utc_now

key_app = typer.Typer(help="API keys of programs.", no_args_is_help=True)


@key_app.command("create")
def key_create_command(
    name: Annotated[str, typer.Option(help="What it is for; shown in lists and beside what it changes.")],
    role: Annotated[RoleName, typer.Option(help="Whose permissions it has.")],
    scopes: Annotated[
        list[str] | None, typer.Option(help="Only these of the role's permissions, such as issues.read; repeatable.")
    ] = None,
    expires_days: Annotated[int | None, typer.Option(min=1, max=3650, help="Good for so many days.")] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key. It is printed once and kept nowhere: programs send it as `Authorization: Bearer KEY`."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        title, now = checked_name(name), utc_now()
        with database.transaction() as session:
            made = create_key(
                session, name=title, role=cast("Role", role.value), scopes=_split(scopes),
                expires_at=now + timedelta(days=expires_days) if expires_days else None, actor=LOCAL_CLI, now=now,
            )  # fmt: skip
        _show_key(made.row.id, made.secret, as_json=as_json)


@key_app.command("rotate")
def key_rotate_command(
    key_id: str,
    overlap_hours: Annotated[int, typer.Option(min=0, max=720, help="How long the old one goes on.")] = 24,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a key a new secret; the old one goes on for a while."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        with database.transaction() as session:
            made = rotate_key(session, key_id, timedelta(hours=overlap_hours), LOCAL_CLI, utc_now())
        _show_key(made.row.id, made.secret, as_json=as_json)


@key_app.command("revoke")
def key_revoke_command(key_id: str, data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Have a key open nothing from now on."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        with database.transaction() as session:
            revoke_key(session, key_id, LOCAL_CLI, utc_now())
        people.print(f"{key_id} is revoked.")
        if as_json:
            print_json({"id": key_id, "revoked": True})


@key_app.command("rotate-signing")
def key_rotate_signing_command(
    at_once: Annotated[
        bool, typer.Option("--at-once", help="After a theft: no token signed before is good any longer.")
    ] = False,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have access tokens signed with a new key. Without a word of haste nobody notices: old and new overlap."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        keyring = Keyring(database, settings.identity)
        with database.transaction() as session:
            kid = keyring.rotate(session, LOCAL_CLI, utc_now(), at_once=at_once)
        people.print(f"The new signing key is {kid}.")
        if as_json:
            print_json({"kid": kid})


def _split(scopes: list[str] | None) -> list[str] | None:
    """Scopes may also be separated by commas or spaces, as they are in tokens."""
    return None if not scopes else [scope for given in scopes for scope in given.replace(",", " ").split()]


def _show_key(key_id: str, secret: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"id": key_id, "key": secret})
    else:
        print(secret)  # noqa: T201  # the result of the command
        people.print(f"This is the only time that the key of {key_id} is shown.")
