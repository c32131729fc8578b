"""Text modules: links and texts in several languages that customers see."""

from typing import Any

import strawberry

from domain.names import sort_key
from domain.texts import TextModule as NewTextModule
from domain.texts import TextModuleChanges, TextType, Translation
from persistence import texts as stored
from reads import (
    EnumFilter,
    LanguageCode,
    TextFilter,
    by_key,
    column,
    filter_column,
    filter_input,
    many,
    page,
    row_by,
    rows,
)
from resolvers import texts
from schema.base import Connection, MutationInput, Node, UpdateInput, enumeration, given, key, mutation
from tenancy.operation import Call
from tenancy.permissions import Permission

enumeration(
    TextType,
    "What a text module is (Art des Textbausteins).",
    name="TextModuleType",
    LINK="An absolute http(s) address (Link).",
    HTML_TEXT="An HTML text, cleaned of all that could harm (HTML-Text).",
    PLAIN_TEXT="A text without marks (Text).",
)


@rows(stored.TextModuleTranslation)
@strawberry.type(description="A text module in one language.")
class TextModuleTranslation:
    """R-TM-01."""

    language: LanguageCode = column("The language (Sprache).")
    text: str = column("The text, or the link.")
    preferred: bool = column("Whether it is shown where the reader's language is missing (bevorzugt).")


@rows(stored.TextModule, prefix="txt", permission=Permission.OFFERS_SEE)
@strawberry.type(description="A text or link in several languages (Textbaustein).")
class TextModule(Node):
    """R-TM-01, R-XC-27."""

    internal_title: str = column("What staff calls it (interner Titel).")
    type: TextType = column("What it is (Art).")
    version: int = column("Counts the changes (Fassung).")
    translations: list[TextModuleTranslation] = many(
        "The text in each language.", on={"text_module_id": "id"}, order_by=("language",), size=2
    )


@filter_input(description="Which text modules.")
class TextModuleFilter:
    """Conditions on text modules."""

    internal_title: TextFilter | None = filter_column("What staff calls it.", "title_key", normal=sort_key)
    type: EnumFilter[TextType] | None = filter_column("What it is.")


@strawberry.type
class TextQuery:
    """Reading text modules."""

    text_module: TextModule | None = row_by("One text module (Textbaustein).", permission=Permission.OFFERS_SEE)
    text_modules: Connection[TextModule] | None = page(
        "The tenant's text modules (Textbausteine).",
        filter=TextModuleFilter,
        default_order=("title_key",),
        permission=Permission.OFFERS_SEE,
    )


@strawberry.input(description="The text, or the link, in one language.")
class TextModuleTranslationInput:
    """R-TM-01."""

    language: LanguageCode = strawberry.field(description="The language (Sprache).")
    text: str = strawberry.field(description="The text or the absolute http(s) link, at most 5000 characters.")
    preferred: bool = strawberry.field(
        default=False, description="Exactly one is preferred; a single one is so by itself (bevorzugt)."
    )


@strawberry.input(description="A text module that is written along with what uses it.")
class TextModuleInput:
    """R-XC-27."""

    internal_title: str = strawberry.field(description="What staff calls it, at most 100 characters.")
    type: TextType = strawberry.field(description="What it is (Art).")
    translations: list[TextModuleTranslationInput] = strawberry.field(description="The text in each language.")

    def read(self) -> NewTextModule:
        """The text module as the rules take it."""
        return NewTextModule(self.internal_title, self.type, translations_of(self.translations))


@strawberry.input(description="A new text module.")
class CreateTextModuleInput(MutationInput):
    """R-TM-01."""

    internal_title: str = strawberry.field(description="What staff calls it, at most 100 characters.")
    type: TextType = strawberry.field(description="What it is (Art).")
    translations: list[TextModuleTranslationInput] = strawberry.field(description="The text in each language.")


@strawberry.input(description="What changes of a text module; what is absent stays.")
class UpdateTextModuleInput(UpdateInput):
    """R-TM-01."""

    text_module_id: strawberry.ID = strawberry.field(description="The text module.")
    internal_title: strawberry.Maybe[str] = strawberry.field(default=None, description="What staff calls it.")
    translations: strawberry.Maybe[list[TextModuleTranslationInput]] = strawberry.field(
        default=None, description="All languages; one that is not named goes."
    )


@rows(None)
@strawberry.type(description="The new text module.")
class CreateTextModulePayload:
    """What was created."""

    text_module: TextModule = by_key("The text module.")


@rows(None)
@strawberry.type(description="The changed text module.")
class UpdateTextModulePayload:
    """What was changed."""

    text_module: TextModule = by_key("The text module.")


def translations_of(inputs: list[TextModuleTranslationInput]) -> tuple[Translation, ...]:
    """The translations as the rules take them."""
    return tuple(Translation(one.language, one.text, one.preferred) for one in inputs)


@strawberry.type
class TextMutation:
    """Changing text modules."""

    @mutation(texts.create_text_module, payload=CreateTextModulePayload)
    def create_text_module(self, input: CreateTextModuleInput) -> Call[Any]:
        """Create a text module (Textbaustein anlegen)."""
        return texts.create_text_module(
            NewTextModule(input.internal_title, input.type, translations_of(input.translations))
        )

    @mutation(texts.update_text_module, payload=UpdateTextModulePayload)
    def update_text_module(self, input: UpdateTextModuleInput) -> Call[Any]:
        """Change a text module and every hint that shows it (Textbaustein ändern)."""
        changes: Any = given(input, "internal_title", "translations")
        if "translations" in changes:
            changes["translations"] = translations_of(changes["translations"])
        typed: TextModuleChanges = changes
        return texts.update_text_module(key("txt", input.text_module_id), typed, input.expected_version)
