"""Town halls of the directory of administrations (DILA), cleaned: one CSV row each."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import shapely

from output import Point, coordinate, csv_bytes, fold, write_gzip
from sources import NULLS, Place, Territory

HEADER = ("key", "name", "insee", "address", "postcode", "telephone", "email", "url", "lon", "lat")

# French contraction by INSEE's article code (TNCC). The name carries its article already.
CONTRACTIONS = {"2": ("Le ", "du "), "4": ("Les ", "des "), "6": ("Aux ", "des ")}
KEY_SUFFIX = {"COMD": "-cd", "COMA": "-ca", "ARM": "-arm"}

# Area codes that belong to an overseas country calling code; everything else is +33.
OVERSEAS = {"262": "262", "263": "262", "269": "262", "639": "262", "692": "262", "693": "262", "590": "590",
            "690": "590", "691": "590", "594": "594", "694": "594", "596": "596", "696": "596", "697": "596",
            "508": "508"}

# E-mail: words that name the body wherever they stand in the local part …
BODY_ANYWHERE = ("mairie", "commune", "secretariat", "accueil", "hoteldeville", "etatcivil", "municipal", "contact",
                 "administrati", "urbanisme", "annexe", "agence", "informatique")
# … and words that do so as a whole token.
BODY_TOKENS = {"ville", "info", "infos", "information", "bureau", "courrier", "communication", "dgs", "cabinet",
               "services", "service", "direction", "collectivite", "village", "bourg", "mair", "secr", "sg", "com",
               "villede", "webmaster", "internet", "guichet", "elus", "social", "technique", "affaires", "generales", "general",
               "generale", "ddct", "cne", "population", "courriel", "bienvenue"}
LINK_WORDS = {"de", "du", "des", "d", "la", "le", "les", "l", "sur", "sous", "en", "et", "a", "au", "aux", "st", "ste",
              "sts", "saint", "sainte"}
# A first name or a title in an address that is not in the commune's own name: the mailbox of a person.
PERSON_TOKENS = set(
    "maire adjoint alain albert alexandre alice andre anne annie antoine arnaud aurelie bernadette bernard bertrand "
    "brigitte bruno camille carole caroline catherine cecile celine chantal charles christel christian christiane "
    "christine christophe claire claude claudine colette corinne cyril daniel daniele david delphine denis denise "
    "didier dominique edith elisabeth elodie emilie emmanuel eric estelle evelyne fabien fabienne fabrice florence "
    "francis franck francois francoise frederic genevieve georges gerard gilbert gilles ginette guillaume guy helene "
    "henri herve hubert huguette isabelle jacky jacqueline jacques janine jean jeanine jeanne jerome joel joelle "
    "jocelyne jose joseph josette josiane julie julien karine laetitia laura laurence laurent lea liliane louis "
    "lucie lucien lydie magali marc marcel marguerite maria marie marine marion marthe martine mathieu maurice "
    "michel michele mireille monique muriel myriam nadia nadine nathalie nicolas nicole nadege odette odile olivier "
    "pascal pascale patrice patricia patrick paul paulette philippe pierre raymond regine regis remi rene renee "
    "robert roger roland sabine samuel sandra sandrine sebastien serge severine simone solange sonia sophie "
    "stephane stephanie suzanne sylvain sylvie therese thierry thomas valerie vanessa veronique vincent virginie "
    "viviane xavier yannick yves yvette yvonne".split())


def contracted(name: str, article_code: str) -> str:
    """`Le Port` → `du Port`, `Les Avirons` → `des Avirons`, `Orléans` → `d'Orléans`."""
    article, short = CONTRACTIONS.get(article_code, ("", ""))
    if article and name.startswith(article):
        return short + name.removeprefix(article)
    if article_code == "1":
        return "d'" + name
    return "de " + name


def display_name(place: Place) -> str:
    """The name of the town hall of a commune, a sub-commune or a sector."""
    of = contracted(place.name, place.article_code)
    if place.type in ("COMD", "COMA"):
        return f"Mairie {'déléguée' if place.type == 'COMD' else 'annexe'} {of}"
    if place.type == "ARM":
        return f"Mairie d'arrondissement de {place.name}"
    if place.type == "SRM":
        return "Mairie de " + place.name.replace(" — centre", " Centre").replace(" — ", " ")
    return f"Mairie {of}"


def telephone(raw: str) -> str:
    """E.164 or nothing. Numbers of overseas territories get their own calling code."""
    digits = re.sub(r"\D", "", raw)
    if not re.fullmatch(r"0[1-9]\d{8}", digits):
        return ""
    return f"+{OVERSEAS.get(digits[1:4], '33')}{digits[1:]}"


def url(raw: str) -> str:
    """An http(s) address with lower-case scheme and host, or nothing."""
    raw = raw.strip()
    if not raw or "@" in raw or " " in raw:
        return ""
    parts = urlsplit(raw if "://" in raw else f"http://{raw}")
    host = parts.netloc.lower()
    if parts.scheme.lower() not in ("http", "https") or not re.fullmatch(r"[^\s/]+\.[^\s/.]{2,}(:\d+)?", host):
        return ""
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", parts.query, parts.fragment))


def email_verdict(raw: str, names: list[str]) -> str:
    """`kept`, `none`, `malformed`, `person` or `unnamed`: may the address be published as the body's own?

    Kept when the local part holds a word for the body, or is made of nothing but words of the town's name.
    Dropped when it also holds a first name or a title that is not part of the town's name.
    """
    raw = raw.strip().lower()
    if not raw:
        return "none"
    if not re.fullmatch(r"[^@\s,;]+@[a-z0-9.-]+\.[a-z]{2,}", raw):
        return "malformed"
    local = fold(raw.split("@")[0])
    tokens = [token for token in re.split(r"[^a-z]+", local) if token]
    town_words = {word for name in names for word in re.split(r"[^a-z]+", fold(name)) if word}
    if any(token in PERSON_TOKENS and token not in town_words for token in tokens):
        return "person"
    if any(word in token for token in tokens for word in BODY_ANYWHERE) or BODY_TOKENS.intersection(tokens):
        foreign = [token for token in tokens if not _of_body(token) and not _of_town(token, town_words)]
        return "unnamed" if foreign else "kept"
    own = [token for token in tokens if token not in LINK_WORDS]
    return "kept" if own and all(len(token) > 2 and _of_town(token, town_words) for token in own) else "unnamed"


def _of_body(token: str) -> bool:
    return token in BODY_TOKENS or token in LINK_WORDS or any(word in token for word in BODY_ANYWHERE)


def _of_town(token: str, town_words: set[str]) -> bool:
    """Is the token made of the town's name: its words, a part of one, or several run together?"""
    if any(word.startswith(token) for word in town_words):
        return True
    rest = token
    for word in sorted(town_words | {"saint", "sainte", "st", "ste"}, key=lambda word: (-len(word), word)):
        rest = rest.replace(word, "", 1)
    return rest in LINK_WORDS | {"", "ville", "villede", "village"}


def listed(place: Place) -> bool:
    """Does the source list a town hall here? A few have an empty point: an address without coordinates."""
    return place.town_hall["location"] not in NULLS


def location(place: Place) -> Point | None:
    """Longitude and latitude of the town hall, where the source has them."""
    if not listed(place):
        return None
    point = shapely.from_wkb(bytes.fromhex(place.town_hall["location"]))
    return None if point.is_empty else (point.x, point.y)


def keys_by_place(territory: Territory) -> dict[tuple[str, str], str]:
    """The key of each town hall: its INSEE code. Where a sub-commune bears the code of its commune it gets a suffix."""
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for place in filter(listed, territory.places):
        key = place.code if place.code not in taken else place.code + KEY_SUFFIX.get(place.type, "")
        if key in taken:
            raise ValueError(f"two town halls claim the key {key}")
        taken.add(key)
        found[place.type, place.code] = key
    return found


def _address(raw: str) -> tuple[str, str]:
    lines = [" ".join(line.split()) for line in raw.splitlines() if line.strip()]
    match = re.match(r"(\d{5})\b", lines[-1]) if lines else None
    return (", ".join(lines[:-1]), match.group(1)) if match else (", ".join(lines), "")


def build(territory: Territory, out: Path) -> tuple[set[str], Counter[str]]:
    """Write `town-halls.csv.gz`; returns the keys and what became of the e-mail addresses."""
    communes = {place.code: place for place in territory.communes}
    keys = keys_by_place(territory)
    verdicts: Counter[str] = Counter()
    rows = []
    for place in filter(listed, territory.places):
        key = keys[place.type, place.code]
        hall = place.town_hall
        verdict = email_verdict(hall["email"], [place.name, communes[place.commune].name])
        verdicts[verdict] += 1
        insee = place.commune if place.type == "SRM" else place.code
        address, postcode = _address(hall["address"])
        rows.append((key, display_name(place), insee, address, postcode, telephone(hall["telephone"]),
                     hall["email"].strip().lower() if verdict == "kept" else "", url(hall["url"]),
                     *map(coordinate, location(place) or ())))
        rows[-1] += ("",) * (len(HEADER) - len(rows[-1]))
    rows.sort()
    write_gzip(out / "town-halls.csv.gz", csv_bytes(HEADER, rows))
    return set(keys.values()), verdicts
