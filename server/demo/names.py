"""Invented people and places. Nobody here exists; any likeness is chance."""

FIRST_NAMES = (
    "Jannis", "Aylin", "Samira", "Leon", "Tobias", "Celina", "Mehmet", "Lara", "Dario", "Nele",
    "Kevin", "Amira", "Finn", "Zeynep", "Marlon", "Josefine", "Emre", "Pia", "Bastian", "Rojda",
    "Silas", "Chantal", "Yusuf", "Merle", "Artjom", "Hanna", "Dilan", "Konrad", "Fatima", "Ole",
    "Jasmin", "Robin", "Sude", "Till", "Marie", "Ilyas", "Vanessa", "Paul", "Nour", "Jonas",
    "Ida", "Cem", "Lilly", "Moritz", "Selin", "Enno", "Tamara", "Ben", "Alina", "Rico",
)  # fmt: skip

FAMILY_NAMES = (
    "Brückmeier", "Öztanır", "Haddadin", "Wolkenhauer", "Sanders-Lieth", "Kniephoff", "Karatepe",
    "Immenroth", "Valdesi", "Harmshusen", "Drostelmann", "Benyahia", "Oltmannsen", "Yıldırgan",
    "Petermichel", "Rautenkranz", "Demirhan", "Schönwälder", "Ackersberg", "Berzencî",
    "Tannhoff", "Moosbrugger", "Altınsoyu", "Friedewald", "Sokolenko", "Weidenbruch", "Aslanbey",
    "Grottenthal", "El-Masrani", "Feddersund", "Kowalzik", "Nordhues", "Çelikkaya", "Lammersdorf",
    "Zur Mühlenbeck", "Baraktari", "Hüttenrauch", "Engelbrink", "Khalifeh", "Strothmeyer",
    "Wiesengrund", "Tuncalı", "Pfefferkamp", "Rosenstiel", "Erdoğmuş", "Janssenhof", "Milosavic",
    "Quellenberg", "Steinfurther", "Dombrowsky",
)  # fmt: skip

STREETS = (
    "Ahornweg", "Alte Gießerei", "Am Rangierbahnhof", "Birkenstieg", "Drosselgasse", "Eichendamm",
    "Fliederhof", "Gartenzeile", "Hafenkamp", "Im Winkel", "Kantstieg", "Lerchenbogen",
    "Mühlgraben", "Nordring", "Obstwiese", "Pappelallee", "Quellenpfad", "Rosenhang", "Spulerei",
    "Tulpenstieg", "Uferzeile", "Vogelsang", "Werftplatz", "Ziegelhof",
)  # fmt: skip

TOWN = "20999 Lindenau"

CAFES = ("Café Lindenhof", "Café Kornblume", "Backstube am Ring", "Café Zeitlos")
YOUTH_CENTRES = ("Jugendzentrum Spulerei", "Jugendzentrum Nordring", "Treffpunkt Hafenkamp")
HOUSES = ("Mehrgenerationenhaus Mühlgraben", "Mehrgenerationenhaus Vogelsang")

# sign-in name, display name, role. Two share the field work, as the concept has it.
STAFF = (
    ("jana.wendlandt", "Jana Wendlandt", "ab_pap"),
    ("mira.kosswig", "Mira Kosswig", "ab_pap"),
    ("heike.brandrup", "Heike Brandrup", "deputy"),
    ("ines.bahlmann", "Ines Bahlmann", "pap"),
    ("olaf.teichgraeber", "Olaf Teichgräber", "pap"),
    ("ruth.sandermann", "Ruth Sandermann", "team_leader"),
    ("verwaltung", "Verwaltung Lindenau", "admin"),
)
