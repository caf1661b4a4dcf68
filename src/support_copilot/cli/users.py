"""Commands about people: user."""

from typing import Annotated, Any, cast

import typer
from rich.table import Table
from sqlalchemy import select

from support_copilot.cli.identity_database import MAX_NAME_CHARS, RoleName, checked_name, identity_database
from support_copilot.cli.session import DataDirOption, JsonOption, command, people, print_json
from support_copilot.db.engine import Database, ReadSession
from support_copilot.db.models import User
from support_copilot.http.fields import read_email
from support_copilot.identity.links import LOCAL_SIGN_IN_LASTS, make_local_link
from support_copilot.identity.permissions import Role
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.identity.queries import end_sessions, user_by_email
from support_copilot.identity.users import (
    UserChanges,
    create_user,
    edit_user,
    get_locked_user,
    make_password_link,
    take_second_factor,
)
from support_copilot.kit.clock import utc_now
from support_copilot.kit.errors import InvalidRequestError, NotFoundError
from support_copilot.kit.ids import is_id
from support_copilot.kit.text import heading
from support_copilot.settings import Settings

user_app = typer.Typer(help="People who may sign in.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(help="Id or e-mail address of the user.", show_default=False)]


@user_app.command("create")
def user_create_command(
    email: Annotated[str, typer.Option(help="By which they sign in.")],
    name: Annotated[str, typer.Option(help="What colleagues and the audit trail call them.")],
    role: Annotated[RoleName, typer.Option(help="What they may do.")],
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a person and print the link by which they set their password."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        address, title = _address(email), checked_name(name)
        now = utc_now()
        with database.transaction() as session:
            user = create_user(
                session, email=address, name=title, role=cast("Role", role.value), actor=LOCAL_CLI, now=now
            )
            token = make_password_link(session, user.id, LOCAL_CLI, now)
        _show_link(user.id, _password_link(settings, token), as_json=as_json)


@user_app.command("list")
def user_list_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """List everybody who may sign in, and who may not any longer."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        shown = _listed(database)
    if as_json:
        print_json({"users": shown})
        return
    table = Table("Id", "E-mail", "Name", "Role", "State", "Second factor", box=None)
    for row in shown:
        state = "disabled" if row["disabled"] else ""
        table.add_row(row["id"], row["email"] or "", row["name"], row["role"], state, "yes" if row["totp"] else "no")
    people.print(table)


@user_app.command("edit")
def user_edit_command(
    who: Who,
    role: Annotated[RoleName | None, typer.Option(help="Another role, from the next request on.")] = None,
    email: Annotated[str | None, typer.Option(help="Another address.")] = None,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    disabled: Annotated[
        bool | None, typer.Option("--disable/--enable", help="Out at once, or in again.", show_default=False)
    ] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change somebody's role, address or name, shut them out or let them in again."""
    given = {
        "role": role.value if role else None, "email": _address(email) if email else None,
        "name": heading(name)[:MAX_NAME_CHARS] if name else None, "disabled": disabled,
    }  # fmt: skip
    changes = cast("UserChanges", {field: value for field, value in given.items() if value is not None})
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        with database.transaction() as session:
            user = edit_user(session, _id_of(session, who), changes, None, LOCAL_CLI, utc_now())
        people.print(f"{user.id} is {user.role}{', disabled' if user.disabled_at else ''}.")
        if as_json:
            print_json({"id": user.id, "role": user.role, "disabled": user.disabled_at is not None})


@user_app.command("password-link")
def user_password_link_command(who: Who, data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Print a link by which somebody sets a password, once."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        with database.transaction() as session:
            user_id = _id_of(session, who)
            token = make_password_link(session, user_id, LOCAL_CLI, utc_now())
        _show_link(user_id, _password_link(settings, token), as_json=as_json)


@user_app.command("remove-second-factor")
def user_remove_second_factor_command(who: Who, data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Take away the second factor of somebody who lost it; their sessions end."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        now = utc_now()
        with database.transaction() as session:
            user = get_locked_user(session, _id_of(session, who))
            take_second_factor(session, user, LOCAL_CLI, now)
            end_sessions(session, user.id, "second_factor_removed", now)
        people.print(f"{user.id} signs in with the password alone.")
        if as_json:
            print_json({"id": user.id})


@user_app.command("link")
def user_link_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Print a link that signs the administrator in once, in a browser on this machine."""
    with command(data_dir, as_json=as_json) as settings, identity_database(settings) as database:
        with database.transaction() as session:
            token = make_local_link(session, utc_now())
        link = local_link(f"http://{settings.server.host}:{settings.server.port}", token)
        people.print(f"Good once, within {LOCAL_SIGN_IN_LASTS.total_seconds() / 3600:.0f} hours:")
        people.print(link, soft_wrap=True)
        if as_json:
            print_json({"link": link})


def local_link(address: str, token: str) -> str:
    """Where a browser of this machine signs in with the secret of a link."""
    return f"{address}/v1/auth/link?token={token}"


def _password_link(settings: Settings, token: str) -> str:
    address = settings.identity.public_url or f"http://{settings.server.host}:{settings.server.port}"
    return f"{address}/reset-password#token={token}"


def _show_link(user_id: str, link: str, *, as_json: bool) -> None:
    people.print("Good once, within 24 hours:")
    people.print(link, soft_wrap=True, markup=False)
    if as_json:
        print_json({"id": user_id, "password_link": link})


def _listed(database: Database) -> list[dict[str, Any]]:
    with database.read() as session:
        return [
            {
                "id": row.id, "email": row.email, "name": row.name, "role": row.role,
                "disabled": row.disabled_at is not None, "totp": row.totp_confirmed_at is not None,
            }
            for row in session.scalars(select(User).order_by(User.created_at, User.id))
        ]  # fmt: skip


def _id_of(session: ReadSession, who: str) -> str:
    if is_id(who, "user"):
        return who
    user = user_by_email(session, _address(who))
    if user is None:
        raise NotFoundError
    return user.id


def _address(email: str) -> str:
    try:
        return read_email(email)
    except ValueError as error:
        raise InvalidRequestError.of_field("email", "invalid_email", str(error)) from None
