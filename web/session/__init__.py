"""Signing in with a browser, and the session that comes of it."""

from web.session.providers import Provider, RemoteProvider
from web.session.routes import SignIn
from web.session.sessions import Session, Sessions, identity_from_request
from web.session.store import SessionStore, SqliteSessions

__all__ = [
    "Provider",
    "RemoteProvider",
    "Session",
    "SessionStore",
    "Sessions",
    "SignIn",
    "SqliteSessions",
    "identity_from_request",
]
