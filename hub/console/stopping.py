"""Who asks for silence: known also while the database is away."""

from typing import Annotated

from fastapi import Depends

from hub.console.auth import require_scope
from hub.console.patience import PatientSession
from hub.domain.people import User
from hub.domain.sessions import Session, TokenScope


async def _stopping_session(session: PatientSession) -> Session:
    require_scope(session, TokenScope.BROADCASTS)
    return session


StoppingSession = Annotated[Session, Depends(_stopping_session)]


async def _stopping_user(session: StoppingSession) -> User:
    return session.user


StoppingUser = Annotated[User, Depends(_stopping_user)]
