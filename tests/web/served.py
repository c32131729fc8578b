"""An application behind the real HTTP server, on a free port of this machine."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp


@contextmanager
def served(app: ASGIApp, *, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """Serve an application in a thread, with a loop of its own; yields its address."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, loop="uvloop", http="httptools", ws="none", log_config=None, lifespan=lifespan)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([line],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{line.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
