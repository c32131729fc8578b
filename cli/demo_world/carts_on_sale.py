"""The carts that the tenants of the demo world put together, of their own offers and of others'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.sales import CartState


@dataclass(frozen=True)
class Inside:
    """An offer in a cart: an own one, or one of tenant `of`, which the own one at position `led_by` leads."""

    offer: str
    of: str | None = None
    led_by: int | None = None
    option: bool = False
    preselected: bool = False


@dataclass(frozen=True)
class Basket:
    """A cart; `weight` says how often it is bought, 0 never."""

    key: str
    title: str
    english: str
    text: str
    inside: tuple[Inside, ...]
    weight: int = 1
    currency: str = "EUR"
    state: CartState = CartState.ACTIVE


def _other(offer: str, of: str, *, led_by: int = 1, option: bool = False, preselected: bool = False) -> Inside:
    return Inside(offer, of, led_by, option, preselected)


BASKETS: Mapping[str, Sequence[Basket]] = {
    "tageblatt": (
        Basket(
            "plus-garden",
            "Tageblatt plus mit Garten & Gezeiten",
            "Tageblatt plus with Garden & Tides",
            "Die Zeitung im Netz und zwölf Hefte im Briefkasten.",
            (Inside("plus"), _other("x-garden", "silberkranich")),
            weight=5,
        ),
        Basket(
            "family",
            "Familienpaket",
            "Family package",
            "Die Zeitung, dazu auf Wunsch alle Magazine und ein Rätselheft.",
            (
                Inside("paper"),
                _other("x-flat", "silberkranich", option=True, preselected=True),
                _other("x-puzzle", "silberkranich", option=True),
            ),
            weight=6,
        ),
        Basket(
            "epaper",
            "Nur das E-Paper",
            "Just the e-paper",
            "Die ganze Zeitung am Vorabend.",
            (Inside("epaper"), Inside("archive", option=True)),
            weight=3,
        ),
        Basket(
            "weekend",
            "Wochenende mit Zugabe",
            "Weekend with a bonus",
            "Freitag, Samstag und ein Becher für unterwegs.",
            (Inside("weekend"), Inside("cup"), _other("x-puzzle", "silberkranich", option=True)),
            weight=3,
        ),
        Basket(
            "office",
            "Firmenpaket",
            "Company package",
            "Zehn Leser und alle Magazine für den Empfang.",
            (Inside("office"), _other("x-flat", "silberkranich")),
            weight=2,
        ),
        Basket(
            "trial",
            "Probewoche",
            "A week on trial",
            "Sechs Ausgaben kostenlos.",
            (Inside("trial"),),
            weight=1,
        ),
        Basket(
            "summer",
            "Sommeraktion am Strand",
            "Summer on the beach",
            "Ein Monatspass und das Sommerheft.",
            (Inside("monthpass"), _other("x-summer", "silberkranich")),
            weight=0,
        ),
        Basket(
            "christmas",
            "Weihnachtsbuch",
            "Christmas book",
            "Das Buch der Zeitung, bis zum vorigen Jahr.",
            (Inside("coast"),),
            weight=0,
            state=CartState.ARCHIVED,
        ),
    ),
    "silberkranich": (
        Basket(
            "garden-news",
            "Garten & Gezeiten mit Tageblatt plus",
            "Garden & Tides with Tageblatt plus",
            "Zwölf Hefte und alle Artikel der Zeitung.",
            (Inside("garden"), _other("x-digital", "tageblatt")),
            weight=4,
        ),
        Basket(
            "flat-coast",
            "Digital-Flat mit Küste",
            "Flat rate with the coast",
            "Alle Magazine, dazu auf Wunsch der Küstenpass und das Wanderpaket.",
            (
                Inside("flat"),
                _other("x-pass", "tageblatt", option=True, preselected=True),
                _other("x-coast", "tageblatt", option=True),
            ),
            weight=5,
        ),
        Basket(
            "trade",
            "Handelspaket",
            "Retail package",
            "Lesemappe und Marktbrief für Buch- und Pressehandel.",
            (
                Inside("circle"),
                _other("x-market", "quittmann"),
                _other("x-law", "quittmann", option=True),
                _other("x-seminar", "quittmann", option=True),
            ),
            weight=3,
        ),
        Basket(
            "kitchen",
            "Löffelweise mit Zugabe",
            "By the Spoon with a bonus",
            "Sechs Hefte und Samen für den Balkon.",
            (Inside("kitchen"), Inside("seeds"), Inside("puzzle", option=True)),
            weight=3,
        ),
        Basket(
            "swiss",
            "Garten & Gezeiten Schweiz",
            "Garden & Tides Switzerland",
            "Zwölf Hefte in Franken.",
            (Inside("garden-ch"),),
            weight=2,
            currency="CHF",
        ),
        Basket(
            "stars",
            "Sternenwind",
            "Star Wind",
            "Vier Hefte im Jahr; eingestellt.",
            (Inside("stars"),),
            weight=0,
        ),
    ),
    "quittmann": (
        Basket(
            "workshop",
            "Betriebspaket",
            "Workshop package",
            "Fachblatt und Praxisbrief, auf Wunsch mit Lesemappe fürs Büro.",
            (Inside("wood"), Inside("brief"), _other("x-circle", "silberkranich", option=True, preselected=True)),
            weight=5,
        ),
        Basket(
            "office",
            "Kanzleipaket",
            "Law office package",
            "Fachbibliothek mit Lesemappe fürs Wartezimmer.",
            (
                Inside("single-library"),
                _other("x-circle", "silberkranich"),
                Inside("handbook", option=True),
            ),
            weight=4,
        ),
        Basket(
            "swiss",
            "Praxisbrief Schweiz mit Lesemappe",
            "Practice letter Switzerland with a reading folder",
            "Beides in Franken.",
            (Inside("brief-ch"), _other("x-circle-ch", "silberkranich")),
            weight=2,
            currency="CHF",
        ),
        Basket(
            "seminar",
            "Seminar mit Handbuch",
            "Seminar with handbook",
            "Ein Tag und ein Buch.",
            (Inside("seminar"), Inside("handbook", option=True, preselected=True)),
            weight=2,
        ),
        Basket("sample", "Leseprobe", "Sample", "Zwei Ausgaben kostenlos.", (Inside("sample"),), weight=1),
        Basket(
            "disc",
            "Musterverträge auf CD",
            "Model contracts on disc",
            "Wird nicht mehr hergestellt.",
            (Inside("disc"),),
            weight=0,
        ),
    ),
}
"""What each tenant puts up for sale; a cart of weight 0 is there to be looked at."""
