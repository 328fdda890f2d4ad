"""Recorders whose masking is broken on purpose, one line each: the leak test has to catch every one of them."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """(file below web/cobrowse/src, text, text instead), and a place of `leak_page` whose secret then leaks."""

    change: tuple[str, str, str]
    place: str


_DESCRIBE, _FIELDS, _MARKS = "recorder/describe.ts", "recorder/fields.ts", "recorder/marks.ts"
MUTANTS: dict[str, Mutant] = {
    "every-attribute": Mutant(
        (_DESCRIBE, "return plainAttribute(space, tag, name, value) ? value : null;", "return value;"),
        "handler",
    ),
    "every-class": Mutant((_DESCRIBE, "this.mentioned.classes.has(it)", "true"), "classname"),
    "every-id": Mutant((_DESCRIBE, "this.unreadable || this.mentioned.ids.has(value)", "true"), "idname"),
    "every-data": Mutant(
        (_DESCRIBE, "if (!asked || name.startsWith('data-balie-')) return null;", "return value;"), "dataattr"
    ),
    "data-unasked": Mutant(
        (_DESCRIBE, "return asked.has(value) ? value : '';", "return value;"), "datastate"
    ),
    "labels": Mutant(
        (_DESCRIBE, "return this.policy.labels && region & Region.texts ?", "return true ?"), "imgalt"
    ),
    "links": Mutant(
        (_DESCRIBE, "return tag === 'a' || tag === 'area' ? '#' : null;", "return value;"), "linkhref"
    ),
    "images": Mutant(
        (
            _DESCRIBE,
            "return /^https?:/i.test(address) ? this.assets(address, use) : null;",
            "return address;",
        ),
        "imgsrc",
    ),
    "inline-styles": Mutant(
        (
            _DESCRIBE,
            "return cleanCss((element as HTMLElement).style.cssText, this.css(element.baseURI, true));",
            "return value;",
        ),
        "inlinecustom",
    ),
    "symbols-in-masks": Mutant(
        (_DESCRIBE, "return tag === 'use' && region & Region.texts ?", "return tag === 'use' ?"),
        "spritemasked",
    ),
    "symbols-with-pages": Mutant(
        ("recorder/sprites.ts", "|| it.localName === 'foreignObject') {", "&& !1) {"), "spriteforeign"
    ),
    "symbols-with-ids": Mutant(("recorder/sprites.ts", "/^(?:class|id)$/", "/^(?:class)$/"), "spriteid"),
    "hidden-inputs": Mutant(
        (
            _FIELDS,
            "case 'checkbox': case 'radio':\n        if (!open) return [Field.hiddenChoice, ''];",
            "case 'checkbox': case 'radio': case 'hidden': return [Field.text, input.value];",
        ),
        "checkboxvalue",
    ),
    "texts": Mutant((_DESCRIBE, "if (!(region & Region.texts)) return DOTS;", ""), "maskedtext"),
    "numbers": Mutant(
        (_DESCRIBE, "return this.coverSpread(node, maskPatterns(text));", "return text;"),
        "4111 1111 1111 1111",
    ),
    "spread-numbers": Mutant(
        (_DESCRIBE, "return this.coverSpread(node, maskPatterns(text));", "return maskPatterns(text);"),
        "spread",
    ),
    "blocks": Mutant((_DESCRIBE, "if (this.marks.isBlocked(element)) return BOX;", ""), "blockedtext"),
    "every-element": Mutant(
        ("rules/elements.ts", "return HTML.has(tag) ||", "return true ||"), "objectinner"
    ),
    "every-svg": Mutant(
        ("rules/elements.ts", "(tag: string): boolean => SVG.has(tag);", "(_: string): boolean => true;"),
        "svgtitle",
    ),
    "fields-open": Mutant(
        (_FIELDS, "if (!open || isProtectedValue(value)) return [Field.dots, ''];", ""), "valueattr"
    ),
    "protected-values": Mutant(
        (_FIELDS, "if (!open || isProtectedValue(value))", "if (!open)"), "4111 1111 1111 1111"
    ),
    "protected-fields": Mutant(
        (_FIELDS, " && !this.protection.isProtected(element);\n    if", ";\n    if"), "ccnumber"
    ),
    "protected-kinds": Mutant(
        ("rules/fields.ts", "if (PROTECTED_AUTOCOMPLETE.test", "if (!1 && PROTECTED_AUTOCOMPLETE.test"), "otp"
    ),
    "protected-words": Mutant(
        ("rules/fields.ts", "if ([...named, labelOf(field)].some(", "if ([].some("), "bsnfield"
    ),
    "text-security": Mutant(
        (
            "rules/fields.ts",
            "return security !== undefined && security !== '' && security !== 'none';",
            "return false;",
        ),
        "textsecurity",
    ),
    "not-sticky": Mutant(
        ("rules/fields.ts", "if (this.seen.has(field)) return true;", "this.names.clear();"), "revealedlater"
    ),
    "names-forgotten": Mutant(
        ("rules/fields.ts", "(name !== '' && this.names.has(name)) || ", ""), "remounted"
    ),
    "captions": Mutant(
        (
            _FIELDS,
            "return caption === null ? [Field.dots, ''] : [Field.text, caption];",
            "return [Field.text, input.value];",
        ),
        "submitvalue",
    ),
    "options": Mutant(
        ("recorder/walk.ts", "if (kind === Kind.html && tag === 'select' &&", "if (false &&"), "optiontext"
    ),
    "leaf-content": Mutant(
        ("recorder/walk.ts", "if (kind === Kind.html && LEAVES.has(tag)) return kids;", ""), "textarea"
    ),
    "editors": Mutant(
        (_MARKS, "return isEditor(element) && !(own & Region.fields) ? 0 : own;", "return own;"),
        "contenteditable",
    ),
    "children-first": Mutant(
        (
            "recorder/walk.ts",
            "    // Attributes first: they decide what may be seen of the children that came with them.",
            "    for (const it of this.kids) this.reconcile(it, ops, () => false);",
        ),
        "editedlater",
    ),
    "mask-marks": Mutant((_MARKS, "if (this.found.mask.has(element)) return 0;", ""), "policymasked"),
    "composed-regions": Mutant(
        (
            "recorder/walk.ts",
            "const region = this.regionOf(node, twin);",
            "const region = node.nodeType > 8 ? 1 : this.regionOf(node, twin);",
        ),
        "maskedshadow",
    ),
    "css-texts": Mutant(
        ("rules/css.ts", "return rules.content && !rules.inline ? quoted : '\"\"';", "return quoted;"),
        "csscontent",
    ),
    "css-addresses": Mutant(
        ("rules/css.ts", "return found === null ? NOTHING :", "return found === null ? `url(${address})` :"),
        "cssurl",
    ),
    "css-rules-raw": Mutant(
        ("recorder/sheets.ts", ": cleanCss(source, this.describer.css(base, false));", ": source;"),
        "insertedrule",
    ),
    "title": Mutant(("recorder/recorder.ts", "options.policy.title ?", "options.policy ?"), "title"),
    "address": Mutant(
        ("rules/addresses.ts", "return url.origin + path.join('/');", "return address;"), "urlquery"
    ),
}
