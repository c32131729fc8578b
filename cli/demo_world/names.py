"""What people in Germany are called, and how names are written in addresses."""

import re
import unicodedata

SURNAMES = tuple(
    # a list of quoted names would be five pages long
    """
Ahlers Albers Albrecht Arndt Asmussen Bachmann Barkhausen Bartels Baumgart Beckers Behrends Bergmann Bethge
Biermann Blanke Bockelmann Bodenstein Böhnke Bollmann Borchert Brandes Brinkmann Brockhoff Bruns Buchholz
Burmeister Carstens Claussen Cordes Dahlmann Dammann Deichmann Dettmer Diekmann Dohrmann Dreyer Ebeling Eckhoff
Eggers Ehlers Eichhorn Engelhardt Erdmann Evers Fahrenholz Falkenberg Feddersen Finke Fleischhauer Förster
Franke Freese Friedrichs Fröhlich Garbers Gehrke Gerdes Gieseler Göttsche Grabow Grothe Haase Hagemann Hansen
Harders Hartmann Hasselbring Heidorn Heinemann Hennings Herzog Hildebrandt Hinrichs Hofmeister Holtkamp Hoppe
Hülsmann Ihde Jacobs Jahnke Jessen Jürgens Kaltenbach Karstens Kelling Kessler Kirchhoff Klages Kleinschmidt
Knoop Köhler Kolbe Koopmann Kramer Kröger Kruse Kuhlmann Lammers Langhoff Lehnert Liebig Lindemann Lohse
Lorenzen Lüders Lührs Mahnke Markwardt Matthiesen Meinecke Menzel Möhring Mohr Mönnich Nagel Neubauer Niemann
Nissen Nolte Oberländer Oelze Ohlsen Oppermann Ostermann Pahlke Papenburg Paulsen Petersen Pfeiffer Plambeck
Pohlmann Rademacher Rathjen Reimers Reinhold Richter Rieck Rosenbaum Rüter Sanders Schacht Scheel
Schierholz Schlüter Schönfeld Schröder Schwarzer Seeger Siebert Sievers Sommerfeld Stahmer Steffens Stegmann
Stolze Struck Tiedemann Thomsen Trautmann Uhlig Vogelsang Vollmer Voß Wagenknecht Warnecke Wegener Weidemann
Wendt Westphal Wiechmann Wiegand Winkelmann Witte Wolters Wulff Zabel Zander Ziegler Zimmermann Akın Bajramović
Demir Kaya Kowalski Nowak Nguyen Öztürk Petrović Rossi Şahin Wiśniewski Yıldız
""".split()  # noqa: SIM905
)
"""Faker's German surnames are few, and some of them are none; its first names and those of the neighbours are good."""

LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l"})


def plain(text: str) -> str:
    """The text as it stands in an address: small letters, no umlauts, dashes between words."""
    spelled = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    bare = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def mailbox(name: str, domain: str) -> str:
    """`firstname.lastname@domain` for a name."""
    return f"{'.'.join(plain(part) for part in name.split())}@{domain}"
