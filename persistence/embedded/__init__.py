"""The PostgreSQL that Kontor brings along: private, under the data folder, on a unix socket.

Its life, in three sentences. Whoever needs the server calls `start`, which starts it or finds it running
and counts the caller among its users for as long as the process lives. The last user who leaves stops it. A
user that was killed has left (the kernel drops its lock), the server stays up, and the next start takes
it over.
"""

from persistence.embedded.account import EmbeddedServerError
from persistence.embedded.server import EmbeddedServer, destroy, start, stop_if_unused

__all__ = ["EmbeddedServer", "EmbeddedServerError", "destroy", "start", "stop_if_unused"]
