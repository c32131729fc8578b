"""The enumerations of partners, with what each value means."""

from domain.partners import Affiliation, CommunicationType, PartnerRoleKind, PartnerType, RoleStatus
from domain.warnings import WarningCode
from schema.base import enumeration

__all__ = ["Affiliation", "CommunicationType", "PartnerRoleKind", "PartnerType", "RoleStatus", "WarningCode"]

enumeration(
    PartnerType,
    "The two kinds of partner (Partnertyp).",
    PERSON="A person (Person).",
    ORGANIZATION="A company, branch or department (Organisation).",
)
enumeration(
    PartnerRoleKind,
    "In which capacity a partner takes part (Partnerrolle).",
    CONTACT="A contact, not more yet (Kontakt).",
    CUSTOMER="Buys (Kunde).",
    SUPPLIER="Sells to us (Lieferant).",
    COMPETITOR="Competes (Wettbewerber).",
    CARRIER="Transports (Spediteur).",
    SALES_REPRESENTATIVE="Sells for us (Vertreter).",
    MARKETING="Belongs to marketing (Marketing).",
    CONTACT_PERSON="Speaks for an organization; persons only (Ansprechpartner).",
    EMPLOYEE="Works for us; persons only (Mitarbeiter).",
)
enumeration(
    Affiliation,
    "Whether a partner belongs to the own group (Zugehörigkeit).",
    INTERNAL="To the own group (intern).",
    EXTERNAL="Not to the own group (extern).",
)
enumeration(
    CommunicationType,
    "A way to reach a partner (Kommunikationsart).",
    EMAIL="E-mail (E-Mail).",
    PHONE="Telephone (Telefon).",
    MOBILE="Mobile telephone (Mobiltelefon).",
    FAX="Fax (Fax).",
    WEB="Web address (Internetadresse).",
)
enumeration(
    RoleStatus,
    "Whether a partner may be used in a role (Rollenstatus).",
    RELEASED="It may (freigegeben).",
    BLOCKED="It may not (gesperrt).",
)
enumeration(
    WarningCode,
    "What a payload warns of (Warnung).",
    NUMBER_RANGE_NEARLY_EXHAUSTED="Nine tenths of the number range are used (Nummernkreis fast erschöpft).",
)
