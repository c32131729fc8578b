"""Invented people and companies: the same ones for the same seed, wherever and whenever they are made."""

from collections.abc import Sequence
from random import Random

from faker import Faker

from cli.demo_world.names import SURNAMES, mailbox, plain
from cli.demo_world.towns import LINES, MOBILE, STREETS, TOWNS
from domain.partners import Address, Communication, CommunicationType, Names, NewPartner, PartnerRoleKind, PartnerType

FORMS = {
    "DE": ("GmbH", "GmbH & Co. KG", "e. K.", "OHG", "AG"),
    "AT": ("GmbH", "OG", "KG", "e.U."),
    "CH": ("AG", "GmbH", "& Söhne"),
}
LOCALES = {"DE": "de_DE", "AT": "de_AT", "CH": "de_CH"}
MAILBOXES = ("post.example", "mail.example", "briefkasten.example")


class Register:
    """Invents partners of one tenant, one after the other."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)  # noqa: S311 - invented people need no secrecy
        self._fakers = {country: _faker(locale, seed) for country, locale in LOCALES.items()}
        self._mailboxes: set[str] = set()

    def person(self, country: str, *, roles: Sequence[PartnerRoleKind] = ()) -> NewPartner:
        """Somebody who lives in a country."""
        faker = self._fakers[country]
        woman = self.random.random() < 0.52  # noqa: PLR2004 - a few more women read
        first = faker.first_name_female() if woman else faker.first_name_male()
        names: Names = {
            "salutation": "Frau" if woman else "Herr",
            "title": self.random.choices((None, "Dr.", "Prof. Dr."), (93, 6, 1))[0],
            "first_name": first,
            "last_name": self._family(country),
        }
        mail = self._mail(f"{first} {names['last_name']}", self.random.choice(MAILBOXES))
        return NewPartner(
            PartnerType.PERSON,
            names,
            language=self._language(country),
            roles=tuple(roles),
            addresses=self.addresses(country),
            communication=tuple(self._reached(mail, country)),
        )

    def company(self, country: str, trades: Sequence[str], *, roles: Sequence[PartnerRoleKind] = ()) -> NewPartner:
        """A business in a country, of one of the trades, called after somebody."""
        family = self._family(country)
        name = self.random.choice(trades).format(family)
        domain = f"{plain(name)}.example"
        names: Names = {
            "name": f"{name} {self.random.choice(FORMS[country])}",
            "search_term": f"{family} {name.split()[0]}",
        }
        web = Communication(CommunicationType.WEB, f"https://{domain}")
        return NewPartner(
            PartnerType.ORGANIZATION,
            names,
            language=self._language(country),
            roles=tuple(roles),
            addresses=self.addresses(country, most=3),
            communication=(*self._reached(self._mail("info", domain), country), web),
        )

    def addresses(self, country: str, *, most: int = 2) -> tuple[Address, ...]:
        """One address, seldom more: where a partner lives, or gets its mail and goods."""
        labels = (None, "Lieferanschrift", "Rechnungsanschrift")
        count = self.random.choices(range(1, most + 1), (80, 15, 5)[:most])[0]
        return tuple(self._address(country, label) for label in labels[:count])

    def _family(self, country: str) -> str:
        if country == "DE":
            return self.random.choice(SURNAMES)
        name: str = self._fakers[country].last_name()
        return name

    def _address(self, country: str, label: str | None) -> Address:
        code, city, region = self.random.choice(TOWNS[country])
        street = self.random.choice(STREETS)
        if country == "CH":
            street = street.replace("ß", "ss")
        house = f"{self.random.randint(1, 120)}{self.random.choice(('', '', '', '', 'a', 'b'))}"
        return Address(city, country, f"{street} {house}", postal_code=code, region=region, label=label)

    def _mail(self, name: str, domain: str) -> str:
        """An address that nobody else of this tenant has."""
        mail, more = mailbox(name, domain), 1
        while mail in self._mailboxes:
            more += 1
            mail = mailbox(f"{name}{more}", domain)
        self._mailboxes.add(mail)
        return mail

    def _reached(self, mail: str, country: str) -> list[Communication]:
        found = [Communication(CommunicationType.EMAIL, mail, preferred=True)]
        if country == "DE" and self.random.random() < 0.8:  # noqa: PLR2004 - most tell their number
            number = f"+49 {self.random.choice(LINES)} {self.random.randrange(1000):03}"
            found.append(Communication(CommunicationType.PHONE, number, preferred=True))
        if country == "DE" and self.random.random() < 0.3:  # noqa: PLR2004 - some tell their mobile
            found.append(Communication(CommunicationType.MOBILE, f"+49 {MOBILE} {self.random.randrange(100):02}"))
        return found

    def _language(self, country: str) -> str:
        if country == "DE":
            return self.random.choices(("de", "en"), (98, 2))[0]
        return f"de-{country}"


def _faker(locale: str, seed: str) -> Faker:
    made = Faker(locale)
    made.seed_instance(seed)
    return made
