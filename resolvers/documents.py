"""What happens to trusted documents: a client's queries are registered before it is delivered."""

from collections.abc import Sequence

from persistence import documents
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.scopes import tenant_wide
from tenancy.work import Work


@writes(Permission.TENANT_EDIT)
async def register(work: Work, audience: str, texts: Sequence[str]) -> int:
    """Trust these documents from now on, and return how many of them are new."""
    tenant_wide(work.caller, Permission.TENANT_EDIT)
    return await documents.register(work.session, audience, texts)
