"""Number ranges as the client sees them: how the numbers of partners and documents are made."""

from typing import Any

import strawberry

from domain.number_ranges import Component, ComponentKind, NewNumberRange, NumberCategory
from persistence import number_ranges as stored
from reads import by_key, column, many, order_by, ordering, page, row_by, rows
from resolvers import number_ranges
from schema.base import Connection, MutationInput, Node, UpdateInput, enumeration, given, key, mutation
from tenancy.operation import Call
from tenancy.permissions import Permission

enumeration(
    NumberCategory,
    "What is numbered (Kategorie).",
    PARTNER="Partners (Partner).",
    ORDER="Orders (Aufträge).",
    INVOICE="Invoices (Rechnungen).",
    SUBSCRIPTION="Subscriptions (Abonnements).",
)
enumeration(
    ComponentKind,
    "What a part of a number is made of (Bestandteil).",
    name="NumberComponentKind",
    CONSTANT="A text that is always the same; the format is the text (Konstante).",
    DATE="The day; the format is YYYY, YY, YYYYMM, YYMM, YYYYMMDD or MM (Systemdatum).",
    COUNTER="The counter; the format is a zero for each digit (Zähler).",
    PARAMETER="Something of the numbered thing; the format is its name, such as TYPE for partners (Parameter).",
)


@rows(stored.NumberRangeComponent)
@strawberry.type(description="One part of the numbers of a range (Bestandteil).")
class NumberComponent:
    """R-181."""

    kind: ComponentKind = column("What it is made of.")
    format: str = column("How it looks (Format).")


@rows(stored.NumberRange, prefix="nrg", permission=Permission.TENANT_SEE)
@strawberry.type(description="A rule that makes numbers (Nummernkreis).")
class NumberRange(Node):
    """R-181."""

    code: str = column("Identification, 1 to 10 characters (Identifikation).")
    description: str = column("What it is for (Bezeichnung).")
    category: NumberCategory = column("What it numbers.")
    standard: bool = column("Whether documents of the category take their numbers from it (Standard).")
    first: int = column("The counter's first value (erster Wert).", of="first_value")
    last: int = column("The counter's last value (letzter Wert).", of="last_value")
    last_number: str | None = column("The number that was given last (letzte Nummer).")
    version: int = column("Counts what people changed; giving a number is none (Fassung).")
    components: list[NumberComponent] = many(
        "The parts of its numbers, in their order.", on={"number_range_id": "id"}, order_by=("position",), size=3
    )


NumberRangeOrder = ordering(
    "NumberRangeOrder", "How number ranges are ordered.", CODE=order_by("code", "By identification.")
)


@strawberry.type
class NumberRangeQuery:
    """Reading number ranges."""

    number_range: NumberRange | None = row_by("One number range (Nummernkreis).", permission=Permission.TENANT_SEE)
    number_ranges: Connection[NumberRange] | None = page(
        "The tenant's number ranges (Nummernkreise).",
        order=NumberRangeOrder,
        default_order=("code",),
        permission=Permission.TENANT_SEE,
    )


@strawberry.input(description="One part of the numbers of a range.")
class NumberComponentInput:
    """R-181."""

    kind: ComponentKind = strawberry.field(description="What it is made of.")
    format: str = strawberry.field(description="How it looks.")


@strawberry.input(description="A new number range.")
class CreateNumberRangeInput(MutationInput):
    """R-181."""

    code: str = strawberry.field(description="Identification, 1 to 10 characters (Identifikation).")
    description: str = strawberry.field(description="What it is for (Bezeichnung).")
    category: NumberCategory = strawberry.field(description="What it numbers.")
    components: list[NumberComponentInput] = strawberry.field(description="The parts, exactly one a counter.")
    first: int = strawberry.field(default=1, description="The counter's first value.")
    last: int | None = strawberry.field(default=None, description="The counter's last value; null: all its digits.")
    standard: bool = strawberry.field(default=False, description="Let the category take its numbers from it.")


@strawberry.input(description="What changes of a number range; what is absent stays.")
class UpdateNumberRangeInput(UpdateInput):
    """R-187."""

    number_range_id: strawberry.ID = strawberry.field(description="The number range.")
    description: strawberry.Maybe[str] = strawberry.field(description="What it is for.")
    last: strawberry.Maybe[int] = strawberry.field(description="The counter's last value.")
    components: strawberry.Maybe[list[NumberComponentInput]] = strawberry.field(description="The parts.")


@rows(None)
@strawberry.type(description="The new number range.")
class CreateNumberRangePayload:
    """What was made."""

    number_range: NumberRange = by_key("The number range.")


@rows(None)
@strawberry.type(description="The changed number range.")
class UpdateNumberRangePayload:
    """What was changed."""

    number_range: NumberRange = by_key("The number range.")


@strawberry.type
class NumberRangeMutation:
    """Changing number ranges."""

    @mutation(number_ranges.create_number_range, payload=CreateNumberRangePayload)
    def create_number_range(self, input: CreateNumberRangeInput) -> Call[Any]:
        """Make a number range (Nummernkreis anlegen)."""
        new = NewNumberRange(
            input.code, input.description, input.category, _components(input.components), input.first, input.last
        )
        return number_ranges.create_number_range(new, standard=input.standard)

    @mutation(number_ranges.update_number_range, payload=UpdateNumberRangePayload)
    def update_number_range(self, input: UpdateNumberRangeInput) -> Call[Any]:
        """Change a number range (Nummernkreis ändern)."""
        changes = given(input, "description", "last", "components")
        if "components" in changes:
            changes["components"] = _components(changes["components"])
        return number_ranges.update_number_range(
            key("nrg", input.number_range_id),
            changes,  # type: ignore[arg-type]
            input.expected_version,
        )


def _components(inputs: list[NumberComponentInput]) -> tuple[Component, ...]:
    return tuple(Component(part.kind, part.format) for part in inputs)
