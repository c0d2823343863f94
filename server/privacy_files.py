"""The privacy page and the threat model as files: `sync/privacy.ts` for the phones, and
`server/PRIVACY.md` for whoever has to judge the product. Written by `zuzweit generate`.
"""

from collections.abc import Iterable, Iterator, Mapping
from json import dumps

from server.privacy import Register, Told, of_every_row, own_tables, shared_tables
from server.threats import Threat, threats

WIDTH = 100
SOURCE = "// Written by `zuzweit generate` from the declarations in server. Do not edit.\n"
TYPES = """\
/** A column in words; a sealed one needs no reason to be clear. */
export interface Told {
  readonly meaning: string;
  readonly sealed?: true;
  readonly why?: string;
  /** Somebody who stands in sees it of the cases handed to her. */
  readonly shared?: true;
}

/** A table in words, with its columns by name. */
export interface Register {
  readonly title: string;
  readonly purpose: string;
  readonly columns: Readonly<Record<string, Told>>;
}

/** Somebody, what she could do, and what she cannot. */
export interface Threat {
  readonly who: string;
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}
"""


def privacy_file() -> str:
    """`sync/privacy.ts`, laid out as Biome does it."""
    registers = "Readonly<Record<string, Register>>"
    return "\n".join(
        [
            SOURCE,
            TYPES,
            "/** What phones and server share, by table. */\n"
            f"export const SHARED: {registers} = {_registers(shared_tables())};\n",
            "/** What the server notes of every shared row. */\n"
            f"export const EVERY_ROW: Register = {_block(_register(of_every_row()), 0)};\n",
            "/** The server's own tables. */\n"
            f"export const OWN: {registers} = {_registers(own_tables())};\n",
            "/** Who could do what, and what nobody can. */\n"
            "export const THREATS: readonly Threat[] = [\n"
            + "".join(f"  {_block(_threat(one), 2)},\n" for one in threats())
            + "];\n",
        ]
    )


def privacy_page() -> str:
    """`server/PRIVACY.md`."""
    return "\n".join(
        [
            "<!-- Written by `zuzweit generate` from the declarations. Do not edit. -->",
            "# Datenschutz: Verzeichnis der Angaben und Bedrohungsmodell",
            "",
            "Eine Angabe liegt nur dann offen auf dem Server, wenn eine benannte Arbeit oder "
            "Prüfung des Servers sie liest. Alles andere ist auf dem Telefon versiegelt, bevor es "
            "das Telefon verlässt.",
            "",
            "## Bedrohungsmodell",
            "",
            *_threat_lines(),
            "## Was Telefone und Server gemeinsam haben",
            "",
            "„(V)“: Das sieht von einem übergebenen Fall auch, wer ihn in Vertretung hat.",
            "",
            *_tables_in_words(shared_tables().values()),
            *_tables_in_words([of_every_row()]),
            "## Was der Server für sich führt",
            "",
            *_tables_in_words(own_tables().values()),
        ]
    )


def _registers(registers: Mapping[str, Register]) -> str:
    lines = (f"  {name}: {_block(_register(one), 2)},\n" for name, one in registers.items())
    return "{\n" + "".join(lines) + "}"


def _register(register: Register) -> Iterator[str]:
    yield _property("title", register.title, 4)
    yield _property("purpose", register.purpose, 4)
    columns = (f"    {name}: {_block(_told(one), 4)},\n" for name, one in register.columns.items())
    yield "columns: {\n" + _shifted("".join(columns)) + "}"


def _told(told: Told) -> Iterator[str]:
    yield _property("meaning", told.meaning, 8)
    if told.sealed:
        yield "sealed: true"
    if told.why:
        yield _property("why", told.why, 8)
    if told.shared:
        yield "shared: true"


def _threat(threat: Threat) -> Iterator[str]:
    yield _property("who", threat.who, 4)
    yield _list("can", threat.can)
    yield _list("cannot", threat.cannot)


def _list(name: str, values: Iterable[str]) -> str:
    texts = [_text(value) for value in values]
    line = f"{name}: [{', '.join(texts)}]"
    if len(line) + len("    ,") <= WIDTH:
        return line
    return f"{name}: [\n" + "".join(f"  {text},\n" for text in texts) + "]"


def _property(name: str, value: str, indent: int) -> str:
    line = f"{name}: {_text(value)}"
    fits = len(line) + indent + len(",") <= WIDTH
    return line if fits else f"{name}:\n  {_text(value)}"


def _block(parts: Iterable[str], indent: int) -> str:
    inside = "".join(f"{part},\n" for part in parts)
    pad = " " * indent
    lines = "".join(f"{pad}  {line}\n" for line in inside.splitlines())
    return "{\n" + lines + pad + "}"


def _shifted(text: str) -> str:
    """Two spaces less: what `_block` will add again."""
    return "".join(f"{line[2:]}\n" for line in text.splitlines())


def _text(value: str) -> str:
    return dumps(value, ensure_ascii=False)


def _threat_lines() -> Iterator[str]:
    for threat in threats():
        yield f"### {threat.who}"
        yield ""
        yield "Möglich:"
        yield ""
        yield from (f"- {one}" for one in threat.can)
        yield ""
        yield "Nicht möglich:"
        yield ""
        yield from (f"- {one}" for one in threat.cannot)
        yield ""


def _tables_in_words(registers: Iterable[Register]) -> Iterator[str]:
    for register in registers:
        yield f"### {register.title}"
        yield ""
        yield register.purpose
        yield ""
        yield "| Angabe | Bedeutung | Liegt | Weil |"
        yield "|---|---|---|---|"
        for name, told in register.columns.items():
            lies = "versiegelt" if told.sealed else "offen"
            lies += " (V)" if told.shared else ""
            yield f"| `{name}` | {told.meaning} | {lies} | {told.why or ''} |"
        yield ""
