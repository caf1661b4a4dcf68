"""What opens no door any more is forgotten, and nothing else."""

from datetime import timedelta

from sqlalchemy import func, select

from support_copilot.db.engine import Database
from support_copilot.db.models import OneTimeLink, RefreshToken, SignInAttempts, User, UserSession
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.housekeeping import forget_what_ended
from support_copilot.identity.links import make_local_link
from support_copilot.identity.refresh import first_pair
from support_copilot.identity.runtime import build_identity
from support_copilot.identity.sessions import end_session, open_session
from support_copilot.identity.throttle import count_failure, counts_of_sign_in
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources
from tests.conftest import StepClock


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


def test_ended_sessions_used_links_and_old_counts_go_in_their_time(resources: Resources, clock: StepClock) -> None:
    database, now = resources.database, clock()
    identity = build_identity(resources, IdentityConfig())
    user = User(id=new_id("user"), name="Ada", role="agent", version=1, created_at=now, updated_at=now)
    with database.transaction() as session:
        session.add(user)
        session.flush()
        ended, running = (open_session(session, identity.config, user, ["password"], now) for _ in range(2))
        make_local_link(session, now)
    for opened in (ended, running):
        first_pair(identity, user.id, opened.id)
    with database.transaction() as session:
        end_session(session, ended.id, "signed_out", None, now)
    count_failure(database, counts_of_sign_in("a@example.com", None, None), now)

    forget_what_ended(database, now + timedelta(minutes=1))
    assert [count(database, table) for table in (UserSession, RefreshToken, OneTimeLink, SignInAttempts)] == [
        2,
        2,
        1,
        3,
    ]
    forget_what_ended(database, now + timedelta(days=1))
    assert [count(database, table) for table in (UserSession, RefreshToken, OneTimeLink, SignInAttempts)] == [
        2,
        2,
        0,
        0,
    ]
    forget_what_ended(database, now + timedelta(days=30, hours=1))
    assert [count(database, table) for table in (UserSession, RefreshToken)] == [1, 1]
    forget_what_ended(database, now + timedelta(days=32))
    assert count(database, UserSession) == 0
    identity.close()
