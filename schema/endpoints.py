"""The two schemas that can be asked: the staff's and the portal's."""

from schema.answers import Reading, SchemaEndpoint
from schema.roots import portal, staff
from tenancy.operation import Operations
from tenancy.rights import Callers
from tenancy.settings import DatabaseUrls, for_libpq


class Endpoints:
    """Both schemas over one database, each with the pool of its role.

    `secret` signs cursors; all worker processes share it. With `explains`, whoever may is told how a query was run.
    """

    def __init__(
        self,
        urls: DatabaseUrls,
        operations: Operations,
        callers: Callers,
        *,
        secret: bytes,
        pool_size: int = 5,
        wait_seconds: float = 2.0,
        prepared: bool = True,
        explains: bool = False,
    ) -> None:
        def reading(url: str, role: str) -> Reading:
            return Reading(for_libpq(url), role, secret, pool_size, wait_seconds, prepared, explains)

        self.staff = SchemaEndpoint(staff(), reading(urls.app, "app"), operations, callers)
        self.portal = SchemaEndpoint(portal(), reading(urls.portal, "portal"), operations, callers)

    async def open(self) -> None:
        """Be ready to answer."""
        await self.staff.open()
        await self.portal.open()

    async def close(self) -> None:
        """Close the pools."""
        await self.staff.close()
        await self.portal.close()
