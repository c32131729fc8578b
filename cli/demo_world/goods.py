"""What the tenants of the demo world sell, each thing in a line or two; every title is invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.offers import OfferType, ProductType, TaxType

PRINT, DIGITAL, GOODS, SERVICE = ProductType.PRINT, ProductType.DIGITAL, ProductType.GOODS, ProductType.SERVICE
REDUCED, STANDARD, EXEMPT = TaxType.REDUCED, TaxType.STANDARD, TaxType.EXEMPT


@dataclass(frozen=True)
class Ware:
    """A product of an offer: what it is, its gross price, and whose cost center it names.

    `center` is a key of the cost centers of whoever sells it.
    """

    title: str
    kind: ProductType
    tax: TaxType
    amount: str
    center: str | None = None
    quantity: int = 1


@dataclass(frozen=True)
class Good:
    """An offer. `periods` are term and accounting period in months and the cancellation period in days.

    `to` is the tenant that shall sell it, if not its owner; `hint` a text module of the owner.
    """

    key: str
    type: OfferType
    title: str
    english: str
    text: str
    wares: tuple[Ware, ...]
    periods: tuple[int | None, int | None, int | None] = (None, None, None)
    currency: str = "EUR"
    folder: str | None = None
    to: str | None = None
    hint: str | None = None


YEAR = (12, 1, 30)
"""A year at least, paid by the month, cancelled thirty days before its end."""

CENTERS: Mapping[str, Mapping[str, tuple[str, str | None, str, str]]] = {
    "tageblatt": {
        "print": ("4100", None, "Zeitung Print", "Vertriebserlöse der gedruckten Zeitung"),
        "digital": ("4200", None, "Zeitung digital", "E-Paper, Tageblatt plus und Pässe"),
        "magazines": ("4710", "B-2210", "Fremdtitel Magazine", "Verkauf von Titeln der Silberkranich Magazine"),
        "magazines-digital": ("4720", None, "Fremdtitel digital", "Digitale Fremdtitel im eigenen Warenkorb"),
        "events": ("4900", None, "Veranstaltungen", "Lesungen und Leserreisen"),
        "merchandise": ("4950", "B-2400", "Merchandising", "Bücher, Karten und Zugaben"),
    },
    "silberkranich": {
        "print": ("100-Z", None, "Zeitschriften", "Einzel- und Aboverkauf der Zeitschriften"),
        "digital": ("200-D", None, "Digitalangebote", "Digital-Flat und Archive"),
        "news": ("310-N", "SK-77-01", "Fremdtitel Zeitung", "Verkauf von Titeln des Tidewalder Tageblatts"),
        "trade": ("320-F", "SK-77-02", "Fremdtitel Fach", "Verkauf von Titeln des Fachverlags Quittmann"),
        "goods": ("400-W", None, "Waren", "Bücher, Karten und Prämien"),
    },
    "quittmann": {
        "books": ("7001", None, "Fachbücher", "Kommentare und Handbücher"),
        "letters": ("7002", None, "Fachbriefe", "Abonnements der Praxisbriefe"),
        "online": ("7003", None, "Fachdatenbanken", "Lizenzen für Kanzleien und Betriebe"),
        "seminars": ("7100", None, "Seminare", "Schulungen vor Ort und im Netz"),
        "partner": ("7900", "FQ-BEST-9", "Partnertitel", "Verkauf von Titeln anderer Häuser"),
    },
}
"""Cost centers of each tenant: key → code, purchase number, what connected tenants read, what only the own reads."""

OFFERS: Mapping[str, Sequence[Good]] = {
    "tageblatt": (
        Good(
            "paper",
            OfferType.SUBSCRIPTION_TIME,
            "Tidewalder Tageblatt, täglich",
            "Tidewalder Tageblatt, daily",
            "Die gedruckte Zeitung, montags bis samstags im Briefkasten.",
            (Ware("Zeitung Montag bis Samstag", PRINT, REDUCED, "44.90", "print"),),
            YEAR,
            folder="Zeitung",
        ),
        Good(
            "weekend",
            OfferType.SUBSCRIPTION_ISSUE,
            "Wochenendausgabe",
            "Weekend edition",
            "Freitags und samstags, mit dem Magazin für die Küste.",
            (Ware("Wochenendausgabe", PRINT, REDUCED, "51.00", "print"),),
            (12, 3, 30),
            folder="Zeitung",
        ),
        Good(
            "plus",
            OfferType.SUBSCRIPTION_TIME,
            "Tageblatt plus",
            "Tageblatt plus",
            "Alle Artikel im Netz und in der App.",
            (Ware("Zugang Tageblatt plus", DIGITAL, REDUCED, "9.90", "digital"),),
            (1, 1, 7),
            folder="Digital",
        ),
        Good(
            "epaper",
            OfferType.SUBSCRIPTION_TIME,
            "Tageblatt als E-Paper",
            "Tageblatt as e-paper",
            "Die ganze Zeitung am Vorabend, mit Tageblatt plus.",
            (
                Ware("E-Paper", DIGITAL, REDUCED, "21.90", "digital"),
                Ware("Zugang Tageblatt plus", DIGITAL, REDUCED, "4.00", "digital"),
            ),
            YEAR,
            folder="Digital",
        ),
        Good(
            "monthpass",
            OfferType.TIME_PASS,
            "Monatspass digital",
            "Digital pass for a month",
            "Einen Monat lesen, endet von selbst.",
            (Ware("Monatspass", DIGITAL, REDUCED, "12.00", "digital"),),
            (1, None, None),
            folder="Digital",
        ),
        Good(
            "archive",
            OfferType.SUBSCRIPTION_CREDIT,
            "Archivguthaben, 20 Artikel im Jahr",
            "Archive credit, 20 articles a year",
            "Artikel seit 1949 suchen und lesen.",
            (Ware("20 Archivartikel", DIGITAL, STANDARD, "24.00", "digital", 20),),
            (12, 12, 30),
            folder="Digital",
        ),
        Good(
            "articles",
            OfferType.CREDIT_SINGLE,
            "Fünf Archivartikel",
            "Five archive articles",
            "Einmalig fünf Artikel aus dem Archiv.",
            (Ware("5 Archivartikel", DIGITAL, STANDARD, "7.50", "digital", 5),),
        ),
        Good(
            "trial",
            OfferType.SINGLE_PRODUCT,
            "Probewoche",
            "A week on trial",
            "Sechs Ausgaben kostenlos, endet von selbst.",
            (Ware("Sechs Ausgaben", PRINT, REDUCED, "0.00", "print", 6),),
        ),
        Good(
            "coast",
            OfferType.SINGLE_PRODUCT,
            "Buch „Wege an der Tide“",
            "Book “Paths along the Tide”",
            "Achtzehn Wanderungen aus der Serie der Zeitung, mit Karte.",
            (
                Ware("Buch Wege an der Tide", PRINT, REDUCED, "18.00", "merchandise"),
                Ware("Wanderkarte", GOODS, STANDARD, "6.90", "merchandise"),
            ),
            folder="Bücher",
        ),
        Good(
            "voucher",
            OfferType.VOUCHER,
            "Geschenkgutschein über 50 Euro",
            "Gift voucher of 50 euros",
            "Einzulösen für alle Angebote der Zeitung.",
            (Ware("Gutschein", SERVICE, EXEMPT, "50.00"),),
        ),
        Good(
            "cup",
            OfferType.BONUS,
            "Zugabe: Thermobecher „Ebbe & Flut“",
            "Bonus: travel mug “Ebb & Flow”",
            "Für neue Abonnenten, solange der Vorrat reicht.",
            (Ware("Thermobecher", GOODS, STANDARD, "0.00", "merchandise"),),
        ),
        Good(
            "office",
            OfferType.MULTIUSER,
            "Firmenzugang für zehn Leser",
            "Company access for ten readers",
            "Tageblatt plus an zehn Arbeitsplätzen.",
            (Ware("Firmenzugang", DIGITAL, STANDARD, "69.00", "digital", 10),),
            folder="Firmen",
        ),
        Good(
            "evening",
            OfferType.SUBSCRIPTION_TIME,
            "Abendausgabe",
            "Evening edition",
            "Die Nachrichten um 19 Uhr als Brief.",
            (Ware("Abendausgabe", DIGITAL, REDUCED, "5.90", "digital"),),
            (1, 1, 7),
        ),
        Good(
            "mobile",
            OfferType.SUBSCRIPTION_TIME,
            "Tageblatt mobil",
            "Tageblatt mobile",
            "Die frühere App, abgelöst von Tageblatt plus.",
            (Ware("App", DIGITAL, REDUCED, "6.90", "digital"),),
            (1, 1, 7),
        ),
        Good(
            "reading",
            OfferType.SINGLE_PRODUCT,
            "Leseabend im Speicher",
            "Reading in the old warehouse",
            "Eintritt und ein Glas Wein; der Abend ist vorbei.",
            (Ware("Eintritt", SERVICE, STANDARD, "15.00", "events"),),
        ),
        Good(
            "x-digital",
            OfferType.SUBSCRIPTION_TIME,
            "Tageblatt plus für Magazinleser",
            "Tageblatt plus for magazine readers",
            "Alle Artikel der Zeitung zum Magazin dazu.",
            (Ware("Zugang Tageblatt plus", DIGITAL, REDUCED, "6.90", "news"),),
            YEAR,
            to="silberkranich",
            hint="account",
        ),
        Good(
            "x-coast",
            OfferType.SINGLE_PRODUCT,
            "Wanderpaket „Wege an der Tide“",
            "Hiking set “Paths along the Tide”",
            "Buch und Karte der Zeitung, für Leser der Magazine.",
            (
                Ware("Buch Wege an der Tide", PRINT, REDUCED, "16.00", "goods"),
                Ware("Wanderkarte", GOODS, STANDARD, "5.90", "news"),
            ),
            to="silberkranich",
            hint="service",
        ),
        Good(
            "x-pass",
            OfferType.TIME_PASS,
            "Küstenpass, drei Monate",
            "Coast pass, three months",
            "Drei Monate Tageblatt digital, endet von selbst.",
            (Ware("Küstenpass", DIGITAL, REDUCED, "19.90", "news"),),
            (3, None, None),
            to="silberkranich",
            hint="account",
        ),
    ),
    "silberkranich": (
        Good(
            "garden",
            OfferType.SUBSCRIPTION_ISSUE,
            "Garten & Gezeiten",
            "Garden & Tides",
            "Zwölf Hefte im Jahr über Gärten am Wasser.",
            (Ware("12 Hefte", PRINT, REDUCED, "78.00", "print", 12),),
            (12, 12, 42),
            folder="Zeitschriften",
        ),
        Good(
            "kitchen",
            OfferType.SUBSCRIPTION_ISSUE,
            "Löffelweise",
            "By the Spoon",
            "Sechs Hefte im Jahr: kochen, was gerade wächst.",
            (Ware("6 Hefte", PRINT, REDUCED, "45.00", "print", 6),),
            (12, 12, 42),
            folder="Zeitschriften",
        ),
        Good(
            "flat",
            OfferType.SUBSCRIPTION_TIME,
            "Silberkranich Digital-Flat",
            "Silberkranich digital flat rate",
            "Alle Magazine auf allen Geräten.",
            (Ware("Digital-Flat", DIGITAL, STANDARD, "14.90", "digital"),),
            (1, 1, 14),
            folder="Digital",
        ),
        Good(
            "circle",
            OfferType.SUBSCRIPTION_TIME,
            "Lesemappe fürs Wartezimmer",
            "Reading folder for waiting rooms",
            "Acht Magazine, jede Woche getauscht.",
            (
                Ware("Lesemappe", PRINT, REDUCED, "34.00", "print"),
                Ware("Tauschdienst", SERVICE, STANDARD, "6.00", "goods"),
            ),
            YEAR,
            folder="Geschäftskunden",
        ),
        Good(
            "puzzle",
            OfferType.SINGLE_PRODUCT,
            "Rätselheft „Seitensprünge“",
            "Puzzle book “Page Turns”",
            "120 Rätsel für den Sommer.",
            (Ware("Rätselheft", PRINT, REDUCED, "7.80", "print"),),
        ),
        Good(
            "seeds",
            OfferType.BONUS,
            "Zugabe: Samentüten „Salzwiese“",
            "Bonus: seeds “Salt Meadow”",
            "Sechs Sorten, die Wind vertragen.",
            (Ware("Samentüten", GOODS, STANDARD, "0.00", "goods", 6),),
        ),
        Good(
            "gift",
            OfferType.VOUCHER,
            "Gutschein über ein halbes Jahr Lesen",
            "Voucher for half a year of reading",
            "Für ein Magazin nach Wahl.",
            (Ware("Gutschein", SERVICE, EXEMPT, "39.00"),),
        ),
        Good(
            "volumes",
            OfferType.TIME_PASS,
            "Jahrgangsarchiv, ein Jahr",
            "Back volumes for a year",
            "Alle Hefte seit 1982.",
            (Ware("Archivzugang", DIGITAL, STANDARD, "29.00", "digital"),),
            (12, None, None),
            folder="Digital",
        ),
        Good(
            "garden-ch",
            OfferType.SUBSCRIPTION_ISSUE,
            "Garten & Gezeiten, Ausgabe Schweiz",
            "Garden & Tides, Swiss edition",
            "Zwölf Hefte im Jahr, mit Seeseiten.",
            (Ware("12 Hefte", PRINT, REDUCED, "98.00", "print", 12),),
            (12, 12, 42),
            currency="CHF",
            folder="Zeitschriften",
        ),
        Good(
            "stars",
            OfferType.SUBSCRIPTION_ISSUE,
            "Sternenwind",
            "Star Wind",
            "Eingestellt; laufende Abonnements werden erfüllt.",
            (Ware("4 Hefte", PRINT, REDUCED, "32.00", "print", 4),),
            (12, 12, 42),
        ),
        Good(
            "x-garden",
            OfferType.SUBSCRIPTION_ISSUE,
            "Garten & Gezeiten für Zeitungsleser",
            "Garden & Tides for newspaper readers",
            "Zwölf Hefte im Jahr zur Zeitung dazu.",
            (Ware("12 Hefte", PRINT, REDUCED, "66.00", "magazines", 12),),
            (12, 12, 42),
            to="tageblatt",
            hint="account",
        ),
        Good(
            "x-flat",
            OfferType.SUBSCRIPTION_TIME,
            "Digital-Flat für Zeitungsleser",
            "Digital flat rate for newspaper readers",
            "Alle Magazine auf allen Geräten, zur Zeitung dazu.",
            (Ware("Digital-Flat", DIGITAL, STANDARD, "9.90", "magazines-digital"),),
            YEAR,
            to="tageblatt",
            hint="account",
        ),
        Good(
            "x-puzzle",
            OfferType.SINGLE_PRODUCT,
            "Rätselheft zur Zeitung",
            "Puzzle book with the newspaper",
            "120 Rätsel für den Sommer.",
            (Ware("Rätselheft", PRINT, REDUCED, "6.50", "magazines"),),
            to="tageblatt",
            hint="service",
        ),
        Good(
            "x-summer",
            OfferType.SINGLE_PRODUCT,
            "Sommerheft „Löffelweise am Strand“",
            "Summer issue “By the Spoon on the Beach”",
            "Das Sonderheft des vorigen Sommers.",
            (Ware("Sommerheft", PRINT, REDUCED, "8.90", "magazines"),),
            to="tageblatt",
            hint="service",
        ),
        Good(
            "x-circle",
            OfferType.SUBSCRIPTION_TIME,
            "Lesemappe für Kanzleien und Betriebe",
            "Reading folder for offices and workshops",
            "Acht Magazine, jede Woche getauscht.",
            (
                Ware("Lesemappe", PRINT, REDUCED, "29.00", "partner"),
                Ware("Tauschdienst", SERVICE, STANDARD, "5.00", "partner"),
            ),
            YEAR,
            to="quittmann",
            hint="account",
        ),
        Good(
            "x-circle-ch",
            OfferType.SUBSCRIPTION_TIME,
            "Lesemappe Schweiz",
            "Reading folder Switzerland",
            "Sechs Magazine, jede Woche getauscht.",
            (Ware("Lesemappe", PRINT, REDUCED, "39.00", "partner"),),
            YEAR,
            currency="CHF",
            to="quittmann",
            hint="account",
        ),
    ),
    "quittmann": (
        Good(
            "wood",
            OfferType.SUBSCRIPTION_ISSUE,
            "Fuge & Faser",
            "Joint & Fibre",
            "Das Fachblatt für den Holzbau, zehn Ausgaben.",
            (Ware("10 Ausgaben", PRINT, REDUCED, "129.00", "letters", 10),),
            (12, 12, 42),
            folder="Handwerk",
        ),
        Good(
            "brief",
            OfferType.SUBSCRIPTION_TIME,
            "Praxisbrief Betriebsführung",
            "Practice letter on running a workshop",
            "Zwei Seiten jede Woche: Recht, Steuern, Personal.",
            (Ware("Praxisbrief", DIGITAL, REDUCED, "19.50", "letters"),),
            YEAR,
            folder="Handwerk",
        ),
        Good(
            "library",
            OfferType.MULTIUSER,
            "Fachbibliothek für fünf Arbeitsplätze",
            "Specialist library for five desks",
            "Kommentare und Muster im Volltext.",
            (Ware("Fachbibliothek", DIGITAL, STANDARD, "249.00", "online", 5),),
            folder="Recht und Steuern",
        ),
        Good(
            "single-library",
            OfferType.SUBSCRIPTION_TIME,
            "Fachbibliothek Einzelplatz",
            "Specialist library, one desk",
            "Kommentare und Muster im Volltext.",
            (Ware("Fachbibliothek", DIGITAL, STANDARD, "59.00", "online"),),
            YEAR,
            folder="Recht und Steuern",
        ),
        Good(
            "handbook",
            OfferType.SINGLE_PRODUCT,
            "Handbuch Bauvertrag, 4. Auflage",
            "Handbook of building contracts, 4th edition",
            "Mit Mustern zum Herunterladen.",
            (
                Ware("Handbuch", PRINT, REDUCED, "89.00", "books"),
                Ware("Mustersammlung", DIGITAL, STANDARD, "10.00", "online"),
            ),
            folder="Recht und Steuern",
        ),
        Good(
            "seminar",
            OfferType.SINGLE_PRODUCT,
            "Seminar „Angebote, die gewinnen“",
            "Seminar “Quotes that win”",
            "Ein Tag im Netz, mit Unterlagen.",
            (Ware("Teilnahme", SERVICE, STANDARD, "320.00", "seminars"),),
            folder="Seminare",
        ),
        Good(
            "credit",
            OfferType.CREDIT_SINGLE,
            "Zehn Musterverträge",
            "Ten model contracts",
            "Abruf einzelner Muster.",
            (Ware("10 Muster", DIGITAL, STANDARD, "45.00", "online", 10),),
        ),
        Good(
            "brief-ch",
            OfferType.SUBSCRIPTION_TIME,
            "Praxisbrief Schweiz",
            "Practice letter Switzerland",
            "Zwei Seiten jede Woche nach Schweizer Recht.",
            (Ware("Praxisbrief", DIGITAL, REDUCED, "24.00", "letters"),),
            YEAR,
            currency="CHF",
        ),
        Good(
            "sample",
            OfferType.SINGLE_PRODUCT,
            "Leseprobe Fuge & Faser",
            "Sample of Joint & Fibre",
            "Zwei Ausgaben kostenlos.",
            (Ware("2 Ausgaben", PRINT, REDUCED, "0.00", "letters", 2),),
        ),
        Good(
            "disc",
            OfferType.SINGLE_PRODUCT,
            "Musterverträge auf CD",
            "Model contracts on disc",
            "Wird nicht mehr hergestellt.",
            (Ware("CD", GOODS, STANDARD, "39.00", "books"),),
        ),
        Good(
            "x-market",
            OfferType.SUBSCRIPTION_TIME,
            "Marktbrief Handel",
            "Market letter on retail",
            "Jeden Monat Zahlen für Buch- und Pressehandel.",
            (Ware("Marktbrief", DIGITAL, REDUCED, "17.00", "trade"),),
            YEAR,
            to="silberkranich",
            hint="account",
        ),
        Good(
            "x-law",
            OfferType.TIME_PASS,
            "Fachbibliothek Medienrecht, zwölf Monate",
            "Specialist library on media law, twelve months",
            "Kommentare für Agenturen, endet von selbst.",
            (Ware("Fachbibliothek Medienrecht", DIGITAL, STANDARD, "149.00", "trade"),),
            (12, None, None),
            to="silberkranich",
            hint="service",
        ),
        Good(
            "x-seminar",
            OfferType.SINGLE_PRODUCT,
            "Seminar „Preise im Pressehandel“",
            "Seminar “Prices in press retail”",
            "Ein halber Tag im Netz, mit Unterlagen.",
            (Ware("Teilnahme", SERVICE, STANDARD, "140.00", "trade"),),
            to="silberkranich",
            hint="account",
        ),
    ),
}
"""What each tenant offers; what begins with `x-` is sold by another tenant."""
