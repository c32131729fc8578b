"""What runs in the processes beside the first; each imports what it is, the first one only knows their names."""

from starlette.applications import Starlette

from tenancy.settings import DatabaseUrls, Settings


def application(settings: Settings, urls: DatabaseUrls) -> Starlette:
    """The application of one web worker."""
    from web.app import application as whole  # noqa: PLC0415

    return whole(settings, urls)


def job_worker(settings: Settings, urls: DatabaseUrls, *, with_parent: bool = True) -> None:
    """The job worker; `with_parent` when it stands beside a server and is to end with it."""
    from jobs import worker  # noqa: PLC0415

    worker.run(settings, urls, with_parent=with_parent)
