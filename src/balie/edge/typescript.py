"""The wire as TypeScript: interfaces, unions and constants written from the frame and fact types.

Only renders; ``bin/protocol`` writes the file. The caller imports the features first: their facts count too.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterable
from types import UnionType
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import inspect as introspect

from balie.desk import facts, model
from balie.edge import frames
from balie.lib import ids

_HEAD = """\
/**
 * The wire between browser and desk. Written by bin/protocol from the Python types; do not edit.
 * @packageDocumentation
 */
"""

_ENVELOPES = """\
/** A fact of one kind: what happened, who did it and where it stands in its stream. */
export type FactOf<K extends FactKind> = K extends FactKind
  ? FactHead & { kind: K; body: FactBodies[K] }
  : never;
/** Any fact, told apart by `kind`. */
export type Fact = FactOf<FactKind>;
"""

# Python names that mean something else in a browser.
_NAMES = {"Fact": "FactHead", "Data": "FrameData"}
_PLAIN: dict[type, str] = {
    introspect.StrType: "string",
    introspect.IntType: "number",
    introspect.FloatType: "number",
    introspect.BoolType: "boolean",
    introspect.NoneType: "null",
    introspect.RawType: "unknown",
    introspect.AnyType: "unknown",
}


# Literals that have a name in the model keep it.
_ALIASES = {frozenset(get_args(v)): name for name, v in vars(model).items() if get_origin(v) is Literal}

# So do unions of frames.
_UNIONS = {frozenset(get_args(v)): n for n, v in vars(frames).items() if isinstance(v, UnionType)}


def render() -> str:
    """The whole of ``web/protocol/src/generated.ts``."""
    return _Writer().render()


class _Writer:
    """Collects the structs reachable from frames and facts, then writes each once, deepest first."""

    def __init__(self) -> None:
        self.sent: dict[str, str] = {}  # interfaces that clients write: defaults may be left out
        self.unions: dict[str, str] = {}
        self.seen: dict[str, str] = {}  # interfaces that clients only read

    def render(self) -> str:
        client = self._frames(frames.CLIENT_FRAMES, sent=True)
        server = self._frames(frames.SERVER_FRAMES, sent=False)
        bodies = {kind.name: self._struct(kind.body, sent=False) for kind in facts.KINDS.values()}
        self._struct(frames.ConversationSnapshot, sent=False)  # answered over HTTP
        also = {name: self._type(introspect.type_info(one), False) for name, one in facts.ALSO.items()}
        return "\n".join(
            [
                _HEAD,
                _constants(),
                "// Nouns, snapshots and fact bodies\n",
                _aliases(),
                *self.seen.values(),
                "// Facts\n",
                _bodies(bodies),
                _ENVELOPES,
                "// Frames\n",
                *self.sent.values(),
                *(f"export type {name} = {members};\n" for name, members in self.unions.items()),
                *(f"export type {name} = {members};\n" for name, members in also.items() if name != members),
                _union("ClientFrame", "What a client may send.", client),
                _union("ServerFrame", "What a client may receive.", server),
            ]
        )

    def _frames(self, table: dict[str, object], *, sent: bool) -> dict[str, str]:
        return {t: self._type(introspect.type_info(d), sent) for t, d in table.items()}

    def _struct(self, struct: type[msgspec.Struct], *, sent: bool) -> str:
        return self._type(introspect.type_info(struct), sent)

    def _type(self, info: introspect.Type, sent: bool) -> str:
        if (plain := _PLAIN.get(type(info))) is not None:
            return plain
        match info:
            case introspect.LiteralType(values):
                return _ALIASES.get(frozenset(values)) or " | ".join(map(_literal, values))
            case introspect.UnionType(members) if (name := _UNIONS.get(_classes(members))) is not None:
                self.unions[name] = " | ".join(self._type(member, sent) for member in members)
                return name
            case introspect.UnionType(members):
                return " | ".join(dict.fromkeys(self._type(member, sent) for member in members))
            case introspect.ListType(item_type=item):
                inner = self._type(item, sent)
                plain = f"({inner})[]" if " " in inner else f"{inner}[]"
                return plain if sent else f"readonly {plain}"
            case introspect.DictType(value_type=value):
                return f"Record<string, {self._type(value, sent)}>"
            case introspect.Metadata(type=inner):
                return self._type(inner, sent)
            case introspect.StructType():
                return self._interface(info, sent)
        raise TypeError(f"no TypeScript for {info!r}")

    def _interface(self, info: introspect.StructType, sent: bool) -> str:
        name = _NAMES.get(info.cls.__name__, info.cls.__name__)
        if info.cls is facts.Fact and "FactHead" in self.seen:
            return "Fact"
        if name in self.seen or name in self.sent:
            return name
        # A Fact's kind and body depend on each other, so its interface holds the rest only.
        fields = [f for f in info.fields if info.cls is not facts.Fact or f.name not in ("kind", "body")]
        doc = _own_doc(info.cls)
        notes = _field_docs(info.cls)
        lines = [_tsdoc(doc), f"export interface {name} {{"]
        if info.tag_field is not None:
            lines.append(f"  {info.tag_field}: {_literal(info.tag)};")
        for field in fields:
            optional = (
                "?" if not field.required and (sent or info.cls.__struct_config__.omit_defaults) else ""
            )
            if field.name in notes:
                lines.append(_tsdoc(notes[field.name], "  "))
            lines.append(f"  {field.encode_name}{optional}: {self._type(field.type, sent)};")
        lines.append("}\n")
        text = "\n".join(line for line in lines if line)
        if not fields and info.tag_field is None:
            text = "\n".join(filter(None, [_tsdoc(doc), f"export type {name} = Record<string, never>;\n"]))
        (self.sent if sent and issubclass(info.cls, frames.Data) else self.seen)[name] = text
        return "Fact" if info.cls is facts.Fact else name


def _bodies(bodies: dict[str, str]) -> str:
    def names(kinds: Iterable[facts.Kind]) -> str:
        return "\n" + "".join(f"  {_literal(kind.name)},\n" for kind in kinds)

    kinds = list(facts.KINDS.values())
    homed = [k for k in kinds if k.home == "conversation"]
    return "\n".join(
        [
            "/** The body of each kind of fact. `hidden` stands for a fact the reader may not see. */",
            "export interface FactBodies {",
            *(f"  {kind}: {body};" for kind, body in bodies.items()),
            f"  {facts.HIDDEN}: Record<string, never>;",
            "}",
            "export type FactKind = keyof FactBodies;",
            "/** The kinds that are lines of a conversation's log. */",
            f"export const LOGGED_KINDS = [{names(k for k in kinds if k.logged)}] as const;",
            "export type LoggedKind = (typeof LOGGED_KINDS)[number];",
            "/** The kinds whose home is a conversation's stream. */",
            f"export const CONVERSATION_KINDS = [{names(homed)}] as const;",
            "export type ConversationKind = (typeof CONVERSATION_KINDS)[number];",
        ]
    )


def _classes(members: Iterable[introspect.Type]) -> frozenset[type]:
    return frozenset(it.cls for it in members if isinstance(it, introspect.StructType))


def _union(name: str, doc: str, members: dict[str, str]) -> str:
    rows = [f"  | {{ t: {_literal(t)}; d: {d}; id?: string }}" for t, d in members.items()]
    return f"/** {doc} */\nexport type {name} =\n" + "\n".join(rows) + ";\n"


def _aliases() -> str:
    rows = {name: get_args(value) for name, value in vars(model).items() if get_origin(value) is Literal}
    return "".join(
        f"export type {name} = {' | '.join(map(_literal, values))};\n" for name, values in rows.items()
    )


def _constants() -> str:
    closes = {name: value for name, value in vars(frames).items() if name.startswith("CLOSE_")}
    limits = {
        name: value for name, value in vars(frames).items() if name.endswith("_LIMIT") or name == "LOG_PAGE"
    }
    rows = [f"export const {name} = {value};" for name, value in (limits | closes).items()]
    prefixes = [f"  {prefix}: {_literal(what)}," for prefix, what in ids.PREFIXES.items()]
    return "\n".join(
        [
            "// Limits and close codes\n",
            *rows,
            "",
            "/** The prefix of an id says what it names. */",
            "export const ID_PREFIXES = {",
            *prefixes,
            "} as const;\n",
        ]
    )


def _literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def _tsdoc(text: str, indent: str = "") -> str:
    if not text:
        return ""
    text = text.replace("``", "`").replace("*/", "* /")
    lines = textwrap.wrap(" ".join(text.split()), 116 - len(indent))
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"])


def _own_doc(cls: type) -> str:
    return inspect.cleandoc(cls.__dict__.get("__doc__") or "")


def _field_docs(cls: type) -> dict[str, str]:
    """Strings that stand right under a field, by field name."""
    try:
        source = textwrap.dedent(inspect.getsource(cls))
    except OSError:
        return {}
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.ClassDef)
    docs: dict[str, str] = {}
    for field, after in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            docs[field.target.id] = inspect.cleandoc(after.value.value)
    return docs
