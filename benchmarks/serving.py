"""`python -m benchmarks.serving MODULE PORT WORKERS`: an application of ours under plain uvicorn."""

import sys

import uvicorn

DATABASE, POOL = "BENCH_DATABASE", "BENCH_POOL"
"""Environment variables: the database's address as libpq reads it, and connections a worker."""


def main() -> None:
    """Serve until SIGTERM."""
    module, port, workers = sys.argv[1:]
    uvicorn.run(
        f"{module}:app",
        factory=True,
        host="127.0.0.1",
        port=int(port),
        workers=int(workers),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=75,
    )


if __name__ == "__main__":
    main()
