"""Text modules: texts and links in several languages that offers and carts show to customers."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain import texts as rules
from domain.names import sort_key
from domain.texts import TextType
from persistence import translations
from persistence.base import OWN, Acted, Base, TenantOwned, Versioned, own
from persistence.enumerations import one_of


class TextModule(Acted, Versioned, TenantOwned, Base):
    """A link, an HTML text or a plain text of the tenant (Textbaustein)."""

    __tablename__ = "text_module"
    __table_args__ = (
        CheckConstraint(one_of("type", TextType), name="type"),
        Index(None, "tenant_id", "title_key", "id"),
        Index(None, "tenant_id", "type"),
    )
    __guard__ = own("select", "insert", "update", portal=("select",), portal_sees=OWN)

    internal_title: Mapped[str]
    title_key: Mapped[str] = mapped_column(Text(collation="C"))
    type: Mapped[str]


class TextModuleTranslation(TenantOwned, Base):
    """The text in one language; exactly one language is preferred."""

    __tablename__ = "text_module_translation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "text_module_id", "language"),
        Index(
            "uq_text_module_translation_preferred",
            "tenant_id",
            "text_module_id",
            unique=True,
            postgresql_where=text("preferred"),
        ),
        ForeignKeyConstraint(
            ["tenant_id", "text_module_id"], ["text_module.tenant_id", "text_module.id"], ondelete="RESTRICT"
        ),
    )
    __guard__ = own("select", "insert", "update", "delete", portal=("select",), portal_sees=OWN)

    text_module_id: Mapped[UUID]
    language: Mapped[str]
    text: Mapped[str]
    preferred: Mapped[bool]


@dataclass(frozen=True)
class Whole:
    """A text module with its translations, in the order of their languages."""

    module: TextModule
    translations: list[TextModuleTranslation]

    def value(self) -> rules.TextModule:
        """What it says, as the rules see it."""
        translations = tuple(rules.Translation(one.language, one.text, one.preferred) for one in self.translations)
        return rules.TextModule(self.module.internal_title, TextType(self.module.type), translations)


async def add(session: AsyncSession, text_module: rules.TextModule) -> TextModule:
    """Keep a new text module that the rules have checked."""
    row = TextModule(
        internal_title=text_module.internal_title,
        title_key=sort_key(text_module.internal_title),
        type=text_module.type,
    )
    session.add(row)
    await session.flush()
    await say(session, Whole(row, []), text_module)
    return row


async def whole(session: AsyncSession, module: TextModule) -> Whole:
    """The text module with its translations."""
    found = await session.scalars(
        select(TextModuleTranslation)
        .where(TextModuleTranslation.text_module_id == module.id)
        .order_by(TextModuleTranslation.language)
    )
    return Whole(module, list(found))


async def say(session: AsyncSession, standing: Whole, text_module: rules.TextModule) -> None:
    """Make a text module say what it shall say."""
    standing.module.internal_title = text_module.internal_title
    standing.module.title_key = sort_key(text_module.internal_title)
    wanted = {one.language: {"text": one.text, "preferred": one.preferred} for one in text_module.translations}
    await translations.keep(
        session,
        standing.translations,
        wanted,
        lambda language: TextModuleTranslation(text_module_id=standing.module.id, language=language),
    )
