"""Text modules: texts and links in several languages that offers and carts show to customers."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from domain.texts import TextType
from persistence.base import OWN, Acted, Base, TenantOwned, Versioned, own
from persistence.enumerations import one_of


class TextModule(Acted, Versioned, TenantOwned, Base):
    """A link, an HTML text or a plain text of the tenant (Textbaustein)."""

    __tablename__ = "text_module"
    __table_args__ = (
        CheckConstraint(one_of("type", TextType), name="type"),
        Index(None, "tenant_id", "title_key", "id"),
    )
    __guard__ = own("select", "insert", "update", portal=("select",), portal_sees=OWN)

    internal_title: Mapped[str]
    title_key: Mapped[str]
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
