"""What happens to text modules; a change reaches the copies that other tenants read in the same transaction."""

from dataclasses import replace
from uuid import UUID

from domain import texts as rules
from domain.texts import TextModule as NewTextModule
from domain.texts import TextModuleChanges
from persistence import html, offers, texts
from persistence.changes import to_change
from persistence.texts import TextModule
from tenancy.operation import writes
from tenancy.permissions import Permission
from tenancy.work import Work


@writes(Permission.OFFERS_EDIT)
async def create_text_module(work: Work, new: NewTextModule) -> UUID:
    """Create a text module: a link, an HTML text that is cleaned, or a plain text (R-TM-01)."""
    module = await texts.add(work.session, rules.checked(new, clean=html.cleaned))
    return module.id


@writes(Permission.OFFERS_EDIT, joint=True)
async def update_text_module(
    work: Work, text_module_id: UUID, changes: TextModuleChanges, expected_version: int
) -> UUID:
    """Change a text module, and with it the hint of every offer that shows it (R-XC-41)."""
    module = await to_change(work.session, TextModule, text_module_id, expected_version, what="text module")
    standing = await texts.whole(work.session, module)
    wanted = rules.checked(replace(standing.value(), **changes), clean=html.cleaned)
    await texts.say(work.session, standing, wanted)
    module.updated_at = work.now
    for offer in await offers.hinting(work.session, module.id):
        await offers.keep_hint(work.session, offer, wanted)
    return module.id
