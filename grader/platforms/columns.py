"""What a platform's columns are about, by their headers in the languages that are known, and by what stands in them.

The headers are those of Canvas's and Moodle's sources and language packs, of Gradescope's and Classroom 50's files, and of lists that
people make. Order is strength: where two columns of a sheet could be the same thing, the earlier word wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.platforms.sheets import Row, Sheet

CANVAS, MOODLE, GRADESCOPE, PLAIN = "canvas", "moodle", "gradescope", "csv"
IDS = ("canvas", "sis", "login", "email", "moodle", "github", "integration", "id")  # kinds of columns that say who a row is about
_HEADERS: dict[str, tuple[str, ...]] = {
    "login": (
        "sis login id", "login id", "login", "username", "user name", "anmeldename", "benutzername", "nom d'utilisateur",
        "nombre de usuario", "gebruikersnaam", "nome utente", "username utente", "nome de usuário", "nome de utilizador", "student_id",
        "netid", "net id", "user", "uid",
    ),
    "sis": (
        "sis user id", "student sis id", "sis id", "sid", "id number", "idnumber", "id-nummer", "numéro d'identification",
        "número de id", "número de identificación", "codice identificativo", "número de identificação", "matrikelnummer", "matricule",
        "matrícula", "matricola", "studentnummer", "student number", "student no",
    ),
    "id": ("student id", "id"),
    "canvas": ("canvas id", "canvas user id"),
    "integration": ("integration id",),
    "email": (
        "email address", "e-mail address", "email", "e-mail", "mail", "e-mail-adresse", "e-mail adresse", "adresse de courriel",
        "adresse e-mail", "courriel", "dirección de correo", "dirección de correo electrónico", "correo electrónico", "correo",
        "e-mailadres", "indirizzo email", "endereço de email", "endereço de e-mail", "e-postadress", "e-mailadresse",
        "adres e-mail", "sähköpostiosoite",
    ),
    "github": ("github username", "github", "github_username"),
    "first": (
        "first name", "firstname", "first_name", "given name", "vorname", "prénom", "nombre", "voornaam", "nome", "förnamn", "fornavn",
        "imię",
    ),
    "last": (
        "last name", "lastname", "last_name", "surname", "family name", "nachname", "nom", "nom de famille", "apellido(s)", "apellidos",
        "apellido", "achternaam", "cognome", "apelido", "sobrenome", "efternamn", "efternavn", "etternavn", "nazwisko",
    ),
    "name": (
        "student", "full name", "fullname", "student name", "name", "vollständiger name", "nom complet", "nombre completo",
        "nombre / apellido(s)", "volledige naam", "nome completo", "fullständigt namn", "fullt navn", "fulde navn", "imię i nazwisko",
    ),
    "section": (
        "section", "sections", "section name", "group", "groups", "gruppe", "gruppen", "groupe", "groupes", "grupo", "grupos", "groep",
        "groepen", "gruppo", "gruppi", "team",
    ),
    "role": ("role", "roles", "rolle", "rollen", "rôle", "rôles", "rol", "ruolo"),
    "moodle": (
        "identifier", "identifiant", "identificador", "identificatie", "identificativo", "identifikator", "participant", "id",
    ),
    "grade": (
        "grade", "bewertung", "note", "calificación", "beoordeling", "cijfer", "valutazione", "avaliação", "nota", "betyg", "karakter",
        "score", "total score", "points",
    ),
    "maximum": (
        "maximum grade", "bestwertung", "note maximale", "calificación máxima", "maximumcijfer", "maximale beoordeling",
        "maximale cijfer", "valutazione massima", "avaliação máxima", "nota máxima", "max points", "maximum score", "maximum points",
    ),
    "scale": ("scale", "skala", "barème", "escala", "schaal", "scala"),
    "open": (
        "grade can be changed", "bewertung kann geändert werden", "la note peut être modifiée", "la calificación puede ser cambiada",
        "la calificación puede cambiarse", "beoordeling kan gewijzigd worden", "cijfer kan gewijzigd worden",
        "beoordeling kan worden gewijzigd", "cijfer kan worden gewijzigd", "la valutazione può essere modificata",
        "a avaliação pode ser alterada",
    ),
    "changed": (
        "last modified (grade)", "zuletzt geändert (bewertung)", "dernière modification (note)", "última modificación (calificación)",
        "laatst gewijzigd (beoordeling)", "laatst gewijzigd (cijfer)", "ultima modifica (valutazione)", "última modificação (avaliação)",
    ),
}  # fmt: skip
_PARTICIPANT = re.compile(r"[^\W\d][^\d]*?\s?(\d{1,18})")  # a word, then a number: "Participant 4711", "Teilnehmer/in4711"
_SHORTEST = 3  # letters of "participant" in any language
_NUMBER = re.compile(r"\d[\d.,]*")
STAFF = re.compile(
    r"instructor|\btas?\b|teaching assistant|reader|(non-editing )?teacher|manager|trainer|dozent|lehrend|tutor|enseignant|profesor|"
    r"docent|docente|professor|observer",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Columns:
    """Whose sheet it is, and at which position each kind of column stands."""

    platform: str
    at: dict[str, int]

    def text(self, row: Row, kind: str) -> str:
        """What a row says of one kind; nothing where the sheet has no such column."""
        return row.text(self.at.get(kind))


def plain(header: str) -> str:
    """A header as it is looked up: without case, quotes of typographers, doubled blanks."""
    return " ".join(header.replace("’", "'").replace("\xa0", " ").casefold().split())


def fitting(header: Sequence[str]) -> int:
    """How many columns of a header are known: of two separators, the right one makes more sense."""
    known = {word for words in _HEADERS.values() for word in words}
    return sum(plain(name) in known for name in header)


def columns_of(sheet: Sheet) -> Columns:
    """Whose sheet it is, and where its columns are."""
    header = [plain(name) for name in sheet.header]
    at = {kind: place for kind, words in _HEADERS.items() if (place := _first(header, words)) is not None}
    numbers = at.pop("moodle", None)
    if _is_canvas(header):
        own = header.index("id")
        at = {kind: place for kind, place in at.items() if kind not in ("grade", "maximum", "open", "changed", "scale") and place != own}
        return Columns(CANVAS, at | {"canvas": own})
    if (worksheet := _worksheet(sheet, at, numbers)) is not None:
        return Columns(MOODLE, worksheet)
    if "sid" in header or any(name.endswith("- max points") for name in header):
        return Columns(GRADESCOPE, at)
    if "github_id" in header and "username" in header:  # Classroom 50's students.csv: a user of GitHub
        own = header.index("username")  # no user name of the institution
        return Columns(PLAIN, {kind: place for kind, place in at.items() if place != own} | {"github": own})
    return Columns(PLAIN, at)


def _first(header: Sequence[str], words: Sequence[str]) -> int | None:
    return next((header.index(word) for word in words if word in header), None)


def _is_canvas(header: Sequence[str]) -> bool:
    """Whether Canvas itself would take it for one of its own sheets."""
    names = [name in header[:2] for name in ("lastname", "firstname")]
    own = 2 if all(names) else 1
    return len(header) > 3 and "section" in header and header[own : own + 1] == ["id"] and (all(names) or "student" in header[0])


def _worksheet(sheet: Sheet, at: dict[str, int], numbers: int | None) -> dict[str, int] | None:
    """The columns of Moodle's grading worksheet: by its words, else by its shape, which is the same in every language.

    That is: the first column has a word and a number; somewhere one maximum stands in all rows, right of the grades and left of a word.
    """
    first = numbers if numbers is not None else 0
    if not _has_participants(sheet, first):
        return None
    at = {"id": first} | {kind: place for kind, place in at.items() if place != first} | {"moodle": first}
    if "grade" in at and "changed" in at:
        return at
    width = len(sheet.header)
    for place in range(first + 2, width - 1):
        if _same_number(sheet, place) and _is_wording(sheet, place + 1):
            guessed = {"grade": place - 1, "maximum": place, "open": place + 1}
            return {"name": first + 1} | _addresses(sheet) | {k: p for k, p in at.items() if p not in guessed.values()} | guessed
    return at if plain(sheet.header[first]) in _HEADERS["moodle"][:-1] else None


def _has_participants(sheet: Sheet, place: int) -> bool:
    """Whether every cell has a number after one and the same word: ids such as `ada7` or `s101` do not."""
    texts = [row.text(place) for row in sheet.body]
    words = {text.removesuffix(participant(text)).strip() if participant(text) else "" for text in texts}
    return len(words) == 1 and len(words.pop()) >= _SHORTEST


def participant(text: str) -> str:
    """The number in Moodle's `Participant 4711`, whatever the word is; nothing where it is none."""
    found = _PARTICIPANT.fullmatch(text)
    return found[1] if found else ""


def _same_number(sheet: Sheet, place: int) -> bool:
    texts = {row.text(place) for row in sheet.body}
    return len(texts) == 1 and _NUMBER.fullmatch(texts.pop()) is not None


def _is_wording(sheet: Sheet, place: int) -> bool:
    """Whether a column says one of two words, such as yes and no."""
    texts = {row.text(place) for row in sheet.body}
    return len(texts) <= 2 and all(text and not any(letter.isdigit() for letter in text) for text in texts)


def _addresses(sheet: Sheet) -> dict[str, int]:
    """The column in which every cell has an @, if there is one."""
    for place in range(len(sheet.header)):
        if all("@" in row.text(place) for row in sheet.body):
            return {"email": place}
    return {}
