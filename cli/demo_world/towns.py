"""Where the partners of the demo world live, and the plain names of their streets."""

from collections.abc import Mapping, Sequence

Town = tuple[str, str, str]
"""Postal code, city, region."""

TOWNS: Mapping[str, Sequence[Town]] = {
    "DE": (
        ("20095", "Hamburg", "Hamburg"),
        ("24103", "Kiel", "Schleswig-Holstein"),
        ("24937", "Flensburg", "Schleswig-Holstein"),
        ("23552", "Lübeck", "Schleswig-Holstein"),
        ("28195", "Bremen", "Bremen"),
        ("27568", "Bremerhaven", "Bremen"),
        ("26122", "Oldenburg", "Niedersachsen"),
        ("26721", "Emden", "Niedersachsen"),
        ("30159", "Hannover", "Niedersachsen"),
        ("49074", "Osnabrück", "Niedersachsen"),
        ("21335", "Lüneburg", "Niedersachsen"),
        ("48143", "Münster", "Nordrhein-Westfalen"),
        ("44135", "Dortmund", "Nordrhein-Westfalen"),
        ("50667", "Köln", "Nordrhein-Westfalen"),
        ("33602", "Bielefeld", "Nordrhein-Westfalen"),
        ("10115", "Berlin", "Berlin"),
        ("14467", "Potsdam", "Brandenburg"),
        ("18055", "Rostock", "Mecklenburg-Vorpommern"),
        ("19053", "Schwerin", "Mecklenburg-Vorpommern"),
        ("01067", "Dresden", "Sachsen"),
        ("04109", "Leipzig", "Sachsen"),
        ("39104", "Magdeburg", "Sachsen-Anhalt"),
        ("99084", "Erfurt", "Thüringen"),
        ("34117", "Kassel", "Hessen"),
        ("60311", "Frankfurt am Main", "Hessen"),
        ("55116", "Mainz", "Rheinland-Pfalz"),
        ("66111", "Saarbrücken", "Saarland"),
        ("70173", "Stuttgart", "Baden-Württemberg"),
        ("79098", "Freiburg im Breisgau", "Baden-Württemberg"),
        ("89073", "Ulm", "Baden-Württemberg"),
        ("80331", "München", "Bayern"),
        ("90402", "Nürnberg", "Bayern"),
        ("93047", "Regensburg", "Bayern"),
        ("86150", "Augsburg", "Bayern"),
        ("97070", "Würzburg", "Bayern"),
    ),
    "AT": (
        ("1010", "Wien", "Wien"),
        ("1070", "Wien", "Wien"),
        ("2700", "Wiener Neustadt", "Niederösterreich"),
        ("3100", "St. Pölten", "Niederösterreich"),
        ("4020", "Linz", "Oberösterreich"),
        ("4600", "Wels", "Oberösterreich"),
        ("5020", "Salzburg", "Salzburg"),
        ("6020", "Innsbruck", "Tirol"),
        ("6900", "Bregenz", "Vorarlberg"),
        ("7000", "Eisenstadt", "Burgenland"),
        ("8010", "Graz", "Steiermark"),
        ("8700", "Leoben", "Steiermark"),
        ("9020", "Klagenfurt", "Kärnten"),
    ),
    "CH": (
        ("8001", "Zürich", "Zürich"),
        ("8400", "Winterthur", "Zürich"),
        ("3011", "Bern", "Bern"),
        ("3600", "Thun", "Bern"),
        ("4051", "Basel", "Basel-Stadt"),
        ("4500", "Solothurn", "Solothurn"),
        ("5000", "Aarau", "Aargau"),
        ("6003", "Luzern", "Luzern"),
        ("6300", "Zug", "Zug"),
        ("7000", "Chur", "Graubünden"),
        ("8200", "Schaffhausen", "Schaffhausen"),
        ("9000", "St. Gallen", "St. Gallen"),
    ),
}
"""Cities by country, each with a postal code that lies in it."""

STREETS: Sequence[str] = (
    "Ahornstraße",
    "Am Alten Hafen",
    "Am Mühlenteich",
    "Amselweg",
    "An der Kirche",
    "Apfelallee",
    "Bahnhofstraße",
    "Bergstraße",
    "Birkenweg",
    "Blumenstraße",
    "Brunnengasse",
    "Buchenweg",
    "Dorfstraße",
    "Eichenallee",
    "Erlenweg",
    "Feldstraße",
    "Fliederweg",
    "Gartenstraße",
    "Hauptstraße",
    "Heideweg",
    "Im Winkel",
    "Kastanienallee",
    "Kirchgasse",
    "Lerchenweg",
    "Lindenstraße",
    "Marktplatz",
    "Mühlenweg",
    "Neue Straße",
    "Obere Gasse",
    "Pappelweg",
    "Quellenweg",
    "Ringstraße",
    "Rosenweg",
    "Schulstraße",
    "Seestraße",
    "Sonnenhang",
    "Tulpenweg",
    "Uferstraße",
    "Waldstraße",
    "Wiesengrund",
)
"""Streets that stand in every second town; Switzerland writes them with ss."""

LINES: Sequence[str] = ("30 23125", "69 90009", "40 66969", "221 4710", "89 99998")
"""Blocks of a thousand numbers each that the Bundesnetzagentur keeps for films and books; nobody is called by them.

Austria and Switzerland keep none, so partners there are reached by e-mail only.
"""

MOBILE = "171 39200"
"""The block of a hundred mobile numbers that is kept for the same purpose."""
