"""Who plays in the demo world: two contracting companies, three tenants, their organizations and their people.

All of them are invented; addresses stand under `.example`, which nobody can register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ISSUER = "embedded"
"""How the demo's own identity provider is known; `web.issuer` signs these people in."""

ROLES: Mapping[str, str] = {
    "TENANT_ADMIN": "Tenant administrator (Mandantenadministration)",
    "PRODUCT_MANAGER": "Product manager (Produktmanagement)",
    "ACCOUNTANT": "Accountant (Buchhaltung)",
    "SALES_MANAGER": "Sales manager (Vertriebsleitung)",
    "SALES_CLERK": "Sales clerk (Vertriebssachbearbeitung)",
    "AUDITOR": "Auditor (Revision)",
    "REPRESENTATIVE": "Sales representative (Vertreter)",
    "PORTAL_CUSTOMER": "Portal customer (Portalkunde)",
}
"""What a role is called for the people who choose whom to sign in as; examples name their role in these words."""

KINDS = {"REPRESENTATIVE": "REPRESENTATIVE", "PORTAL_CUSTOMER": "PORTAL"}
"""The kinds of account that are not staff."""


@dataclass(frozen=True)
class Member:
    """Somebody with an account; `key` names the person in the other modules of this package.

    `at` is the organization of staff. `subject` is who the person is for the issuer, by default the address;
    somebody with two accounts has the same subject in both.
    """

    key: str
    name: str
    role: str
    at: str = ""
    email: str = ""
    subject: str = ""
    company: str | None = None

    @property
    def kind(self) -> str:
        """STAFF, REPRESENTATIVE or PORTAL."""
        return KINDS.get(self.role, "STAFF")


@dataclass(frozen=True)
class Place:
    """A sales organization below another one; countries say whose partners it looks after."""

    code: str
    name: str
    parent: str | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class TenantPlan:
    """A tenant as it is founded. `countries` and `persons` are shares (in percent) among its partners."""

    key: str
    name: str
    domain: str
    company: str
    places: Sequence[Place]
    members: Sequence[Member]
    countries: Mapping[str, int]
    persons: int
    trades: Sequence[str]

    @property
    def root(self) -> str:
        """The organization at the top."""
        return self.places[0].code

    @property
    def leaves(self) -> Sequence[Place]:
        """The places that look after partners."""
        return [place for place in self.places if place.countries]

    def region_of(self, code: str) -> str:
        """The organization directly above a place."""
        return next(place.parent for place in self.places if place.code == code) or code

    def named(self, role: str, at: str | None = None) -> Member:
        """The first member with this role, at this place if one is named."""
        return next(one for one in self.members if one.role == role and at in (None, one.at))

    def clerk_at(self, code: str) -> Member | None:
        """Who looks after a place, if somebody does."""
        return next((one for one in self.members if one.role == "SALES_CLERK" and one.at == code), None)


COMPANIES: Mapping[str, str] = {
    "tidewald": "Tidewald Mediengruppe GmbH & Co. KG",
    "quittmann": "Quittmann Fachmedien Holding GmbH",
}
"""The contracting companies (Vertragsunternehmen)."""

HENRIKE = "henrike.sandvoss@post.example"
"""A reader with an account at both tenants of one company."""

TAGEBLATT = TenantPlan(
    key="tageblatt",
    name="Tidewalder Tageblatt",
    domain="tageblatt.example",
    company="tidewald",
    places=(
        Place("TT", "Tidewalder Tageblatt"),
        Place("TT-LESER", "Lesermarkt", "TT"),
        Place("TT-NORD", "Lesermarkt Nord", "TT-LESER"),
        Place("TT-TIDE", "Geschäftsstelle Tidewald", "TT-NORD", ("DE",)),
        Place("TT-KLINT", "Geschäftsstelle Klintau", "TT-NORD", ("DE",)),
        Place("TT-SUED", "Lesermarkt Süd", "TT-LESER"),
        Place("TT-HARM", "Geschäftsstelle Harmsbruch", "TT-SUED", ("DE", "AT", "CH")),
        Place("TT-WERBE", "Werbemarkt", "TT"),
        Place("TT-REGIO", "Regionale Anzeigen", "TT-WERBE"),
        Place("TT-TEAM", "Anzeigenteam Küste", "TT-REGIO", ("DE",)),
    ),
    members=(
        Member("admin", "Wiebke Harmsen", "TENANT_ADMIN", "TT"),
        Member("product", "Jonas Lohfink", "PRODUCT_MANAGER", "TT"),
        Member("accounting", "Gesa Petermann", "ACCOUNTANT", "TT"),
        Member("manager", "Tjark Ohlendorp", "SALES_MANAGER", "TT-NORD"),
        Member("clerk", "Merle Janßen", "SALES_CLERK", "TT-TIDE"),
        Member("sister", "Bengt Cordsen", "SALES_CLERK", "TT-KLINT"),
        Member("south", "Neele Wulfers", "SALES_CLERK", "TT-HARM"),
        Member("auditor", "Hartwig Brömmel", "AUDITOR", "TT"),
        Member("rep1", "Swantje Dierks", "REPRESENTATIVE", "TT-TIDE"),
        Member("rep2", "Folkert Ahlrichs", "REPRESENTATIVE", "TT-TEAM"),
        Member("customer1", "Henrike Sandvoss", "PORTAL_CUSTOMER", "TT-TIDE", HENRIKE, HENRIKE),
        Member("customer2", "Ole Büntemeyer", "PORTAL_CUSTOMER", "TT-KLINT", "ole.buentemeyer@post.example"),
        Member(
            "customer3",
            "Dörte Möwenstein",
            "PORTAL_CUSTOMER",
            "TT-HARM",
            "doerte.moewenstein@cafe-klintblick.example",
            company="Café Klintblick GmbH",
        ),
    ),
    countries={"DE": 94, "AT": 3, "CH": 3},
    persons=62,
    trades=(
        "Autohaus {}",
        "Bäckerei {}",
        "Möbelhaus {}",
        "Gärtnerei {}",
        "Hotel {}",
        "Optik {}",
        "Sanitätshaus {}",
        "Baumarkt {}",
        "Reisebüro {}",
        "Immobilien {}",
        "Fahrschule {}",
        "Gasthof {}",
    ),
)

SILBERKRANICH = TenantPlan(
    key="silberkranich",
    name="Silberkranich Magazine",
    domain="silberkranich.example",
    company="tidewald",
    places=(
        Place("SK", "Silberkranich Magazine"),
        Place("SK-VERTRIEB", "Vertrieb", "SK"),
        Place("SK-DE", "Vertrieb Deutschland", "SK-VERTRIEB"),
        Place("SK-HH", "Vertriebsbüro Hamburg", "SK-DE", ("DE",)),
        Place("SK-M", "Vertriebsbüro München", "SK-DE", ("DE",)),
        Place("SK-AT", "Vertrieb Österreich", "SK-VERTRIEB"),
        Place("SK-WIEN", "Vertriebsbüro Wien", "SK-AT", ("AT",)),
        Place("SK-GRAZ", "Vertriebsbüro Graz", "SK-AT", ("AT",)),
        Place("SK-CH", "Vertrieb Schweiz", "SK-VERTRIEB"),
        Place("SK-ZH", "Vertriebsbüro Zürich", "SK-CH", ("CH",)),
        Place("SK-AGENTUR", "Agenturgeschäft", "SK"),
    ),
    members=(
        Member("admin", "Valentin Achatz", "TENANT_ADMIN", "SK"),
        Member("product", "Carlotta Reinwald", "PRODUCT_MANAGER", "SK"),
        Member("accounting", "Burkhard Zumstein", "ACCOUNTANT", "SK"),
        Member("manager", "Theresa Kogelbauer", "SALES_MANAGER", "SK-AT"),
        Member("clerk", "Florian Haslwanter", "SALES_CLERK", "SK-WIEN"),
        Member("sister", "Magdalena Pirker", "SALES_CLERK", "SK-GRAZ"),
        Member("south", "Reto Ammannfrei", "SALES_CLERK", "SK-ZH"),
        Member("north", "Imke Tönnies", "SALES_CLERK", "SK-HH"),
        Member("auditor", "Ingeborg Thalmann", "AUDITOR", "SK"),
        Member("rep1", "Ansgar Feldhoff", "REPRESENTATIVE", "SK-HH"),
        Member("rep2", "Urs Bodenmann", "REPRESENTATIVE", "SK-ZH"),
        Member(
            "customer1",
            "Henrike Sandvoss",
            "PORTAL_CUSTOMER",
            "SK-HH",
            "henrike.sandvoss+silberkranich@post.example",
            HENRIKE,
        ),
        Member("customer2", "Matthias Kranzfelder", "PORTAL_CUSTOMER", "SK-WIEN", "matthias.kranzfelder@post.example"),
        Member("customer3", "Aurelia Stocker", "PORTAL_CUSTOMER", "SK-ZH", "aurelia.stocker@post.example"),
    ),
    countries={"DE": 56, "AT": 24, "CH": 20},
    persons=45,
    trades=(
        "Buchhandlung {}",
        "Presse & Tabak {}",
        "Kiosk {}",
        "Lesezirkel {}",
        "Mediaagentur {}",
        "Werbeagentur {}",
        "Zeitschriftenhandel {}",
        "Friseursalon {}",
        "Arztpraxis {}",
        "Gartencenter {}",
        "Kochschule {}",
    ),
)

QUITTMANN = TenantPlan(
    key="quittmann",
    name="Fachverlag Quittmann",
    domain="quittmann.example",
    company="quittmann",
    places=(
        Place("FQ", "Fachverlag Quittmann"),
        Place("FQ-FACH", "Fachbereiche", "FQ"),
        Place("FQ-HAND", "Handwerk", "FQ-FACH"),
        Place("FQ-WEST", "Handwerk West", "FQ-HAND", ("DE",)),
        Place("FQ-OST", "Handwerk Ost", "FQ-HAND", ("DE",)),
        Place("FQ-RECHT", "Recht und Steuern", "FQ-FACH"),
        Place("FQ-KANZLEI", "Kanzleibetreuung", "FQ-RECHT", ("DE", "AT")),
        Place("FQ-CH", "Fachmedien Schweiz", "FQ-RECHT", ("CH",)),
        Place("FQ-HOCH", "Hochschulen", "FQ"),
    ),
    members=(
        Member("admin", "Friederike Quast", "TENANT_ADMIN", "FQ"),
        Member("product", "Emre Aydoğan", "PRODUCT_MANAGER", "FQ"),
        Member("accounting", "Sibylle Hartog", "ACCOUNTANT", "FQ"),
        Member("manager", "Ludger Brinkschulte", "SALES_MANAGER", "FQ-HAND"),
        Member("clerk", "Annika Terhorst", "SALES_CLERK", "FQ-WEST"),
        Member("sister", "Ronny Seyffarth", "SALES_CLERK", "FQ-OST"),
        Member("south", "Katharina Obermaier", "SALES_CLERK", "FQ-KANZLEI"),
        Member("swiss", "Beat Zgraggen", "SALES_CLERK", "FQ-CH"),
        Member("auditor", "Wendelin Pausch", "AUDITOR", "FQ"),
        Member("rep1", "Horst-Dieter Kamrath", "REPRESENTATIVE", "FQ-WEST"),
        Member("rep2", "Jasmin Oelschläger", "REPRESENTATIVE", "FQ-KANZLEI"),
        Member("customer1", "Arne Specht", "PORTAL_CUSTOMER", "FQ-WEST", "arne.specht@post.example"),
        Member("customer2", "Birgit Nonnenmacher", "PORTAL_CUSTOMER", "FQ-OST", "birgit.nonnenmacher@post.example"),
        Member(
            "customer3",
            "Tobias Wachsmann",
            "PORTAL_CUSTOMER",
            "FQ-KANZLEI",
            "tobias.wachsmann@kanzlei-wachsmann.example",
            company="Kanzlei Wachsmann & Lenz PartG mbB",
        ),
    ),
    countries={"DE": 80, "AT": 12, "CH": 8},
    persons=28,
    trades=(
        "Tischlerei {}",
        "Zimmerei {}",
        "Malerbetrieb {}",
        "Elektro {}",
        "Dachdeckerei {}",
        "Kanzlei {}",
        "Steuerberatung {}",
        "Ingenieurbüro {}",
        "Architekturbüro {}",
        "Schreinerei {}",
        "Metallbau {}",
    ),
)

TENANTS: Sequence[TenantPlan] = (TAGEBLATT, SILBERKRANICH, QUITTMANN)
"""All tenants, in the order in which people are offered."""
