"""How names are written in addresses."""

import re

LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ğ": "g", "é": "e", "è": "e", "ê": "e", "ç": "c"})


def plain(text: str) -> str:
    """The text as it stands in an address: small letters, no umlauts, dashes between words."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold().translate(LETTERS)).strip("-")


def mailbox(name: str, domain: str) -> str:
    """`firstname.lastname@domain` for a name."""
    return f"{'.'.join(plain(part) for part in name.split())}@{domain}"
