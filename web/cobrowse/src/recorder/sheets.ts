/**
 * The style sheets of every document and shadow root, cleaned, by the hash of their text. Changes are found by looking again: lengths
 * at every turn, and a few rules at a time for what was replaced in place; nothing of the page is patched.
 */

import { hashText, Type, write, type Ops } from '../protocol';
import { cleanCss, sha256 } from '../rules';
import type { Describer } from './describe';

const SEPARATOR = '\u001e';
const PART = 262_144;
/** Stands in for a rule that may not come along, so that rules keep their numbers. */
const NO_RULE = '@media not all{}';
/** Four times a second; of a page on which nothing else happens, fewer. */
const RULES_A_LOOK = 200;
const RULES_A_CALM_LOOK = 12;

type Root = Document | ShadowRoot;

interface Known {
  id: number;
  sheet: CSSStyleSheet;
  hash: string;
  texts: string[];
  /** Hashes of the rules as the page has them. */
  sources: number[];
  media: string;
  disabled: boolean;
  looked: number;
  announced: boolean;
}

export class Sheets {
  /** Sheets whose text is being hashed. */
  pending = 0;
  private readonly describer: Describer;
  private readonly known = new Map<CSSStyleSheet, Known>();
  private readonly lists = new Map<Root, string>();
  private readonly texts = new Map<string, string>();
  private readonly unread = new Set<CSSStyleSheet>();
  private readonly sent = new Set<string>();
  private ready: Known[] = [];
  private turn = 0;
  private nextId = 1;

  constructor(describer: Describer) {
    this.describer = describer;
  }

  /** Reads new and changed sheets until `late`; false when there is more to do. */
  read(roots: Iterable<Root>, late: () => boolean, hashed: () => void): boolean {
    for (const root of roots) {
      for (const sheet of sheetsOf(root)) {
        const known = this.known.get(sheet);
        if (known || this.unread.has(sheet)) continue;
        const rules = rulesOf(sheet);
        if (!rules) {
          this.unread.add(sheet);
          this.describer.unreadable = true;
          continue;
        }
        if (!this.take(sheet, rules, late, hashed)) return false;
      }
    }
    return true;
  }

  /** Writes what became known since the last turn. `idOf` leads from a root to its node. */
  write(ops: Ops, roots: Iterable<Root>, idOf: (root: Root) => number | undefined): void {
    for (const it of this.ready) {
      it.announced = true;
      ops.sheet(it.id, it.hash, it.media, it.disabled);
    }
    this.ready = [];
    for (const root of roots) {
      const id = idOf(root);
      if (id === undefined) continue;
      const list = sheetsOf(root).flatMap((sheet) => (this.known.get(sheet)?.announced ? [this.known.get(sheet)!] : []));
      for (const it of list) this.compare(it, ops);
      const key = list.map((it) => it.id).join();
      if (key === (this.lists.get(root) ?? '')) continue;
      this.lists.set(root, key);
      ops.sheets(id, list.map((it) => it.id));
    }
  }

  /** Writes all that was written so far, for who was not there. `idOf` leads from a root to its node; answers the hashes of the texts. */
  again(ops: Ops, idOf: (root: Root) => number | undefined): string[] {
    const told = [...this.known.values()].filter((it) => it.announced);
    for (const it of told) {
      ops.sheet(it.id, it.hash, it.media, it.disabled);
      const text = this.texts.get(it.hash) ?? '';
      if (it.texts.join(SEPARATOR) !== text) ops.rules(it.id, 0, text === '' ? 0 : text.split(SEPARATOR).length, it.texts);
    }
    for (const [root, list] of this.lists) {
      const id = idOf(root);
      if (id !== undefined) ops.sheets(id, list === '' ? [] : list.split(',').map(Number));
    }
    return told.map((it) => it.hash);
  }

  /** Anything that a look without cost shows to be different. */
  stale(roots: readonly Root[], calm: boolean): boolean {
    this.forget(roots);
    if (this.ready.length > 0) return true;
    for (const root of roots) {
      const list = sheetsOf(root);
      if (list.some((it) => !this.known.has(it) && !this.unread.has(it))) return true;
      const ids = list.flatMap((it) => (this.known.get(it)?.announced ? [this.known.get(it)!.id] : [])).join();
      if (ids !== (this.lists.get(root) ?? '')) return true;
    }
    this.turn += 1;
    for (const it of this.known.values()) {
      if (it.announced && (rulesOf(it.sheet)?.length !== it.sources.length || it.disabled !== it.sheet.disabled)) return true;
    }
    return this.looksDifferent(calm ? RULES_A_CALM_LOOK : RULES_A_LOOK);
  }

  /** The frames with a sheet's text, once for each hash, or again when asked. */
  textFrames(hash: string, again: boolean): Uint8Array<ArrayBuffer>[] {
    const text = this.texts.get(hash);
    if (text === undefined || (!again && this.sent.has(hash))) return [];
    this.sent.add(hash);
    const frames: Uint8Array<ArrayBuffer>[] = [];
    for (let at = 0; at === 0 || at < text.length; at += PART) {
      frames.push(write({ type: Type.sheetText, hash, last: at + PART >= text.length, text: text.slice(at, at + PART) }));
    }
    return frames;
  }

  /** The hashes that stand ready to be announced. */
  announcing(): string[] {
    return this.ready.map((it) => it.hash);
  }

  /** Sheets that stand nowhere any more, and roots that left: nobody compares those again. */
  private forget(roots: readonly Root[]): void {
    const standing = new Set(roots.flatMap((root) => sheetsOf(root)));
    for (const sheet of this.known.keys()) if (!standing.has(sheet)) this.known.delete(sheet);
    for (const sheet of this.unread) if (!standing.has(sheet)) this.unread.delete(sheet);
    for (const root of this.lists.keys()) if (!roots.includes(root)) this.lists.delete(root);
    if (this.suspect && !standing.has(this.suspect.sheet)) this.suspect = null;
    this.ready = this.ready.filter((it) => standing.has(it.sheet));
  }

  private take(sheet: CSSStyleSheet, rules: CSSRuleList, late: () => boolean, hashed: () => void): boolean {
    const known = this.half?.sheet === sheet && this.half.sources.length <= rules.length ? this.half : this.start(sheet);
    this.half = null;
    for (let i = known.sources.length; i < rules.length; i++) {
      const [text, source] = this.clean(rules[i]!, sheet);
      known.texts.push(text);
      known.sources.push(source);
      if (i % 32 === 31 && late()) {
        this.half = known;
        return false;
      }
    }
    this.known.set(sheet, known);
    const text = known.texts.join(SEPARATOR);
    this.pending += 1;
    void sha256(text).then((hash) => {
      this.pending -= 1;
      if (this.known.get(sheet) !== known) return;
      // Without a secure context there is no hash that others could rely on: the text goes by a number of this page alone.
      known.hash = hash ? hash.slice(0, 32) : `page-${known.id}`;
      this.texts.set(known.hash, text);
      this.ready.push(known);
      hashed();
    });
    return true;
  }

  private half: Known | null = null;

  private start(sheet: CSSStyleSheet): Known {
    return { id: this.nextId++, sheet, hash: '', texts: [], sources: [], media: sheet.media.mediaText, disabled: sheet.disabled, looked: 0, announced: false };
  }

  private clean(rule: CSSRule, sheet: CSSStyleSheet): [text: string, source: number] {
    const source = flatten(rule);
    const base = sheet.href ?? (sheet.ownerNode ?? document).baseURI;
    const text = /^@(?:charset|namespace|import)/i.test(source) ? NO_RULE : cleanCss(source, this.describer.css(base, false));
    this.describer.mentioned.read(text);
    return [text, hashText(source)];
  }

  /** Tells the rules of a sheet that changed since they were last read, by what stands between equal ends. */
  private compare(it: Known, ops: Ops): void {
    const rules = rulesOf(it.sheet);
    if (!rules) return;
    if (it.disabled !== it.sheet.disabled) {
      it.disabled = it.sheet.disabled;
      ops.sheet(it.id, it.hash, it.media, it.disabled);
    }
    if (rules.length === it.sources.length && it !== this.suspect) return;
    if (this.suspect === it) this.suspect = null;
    const fresh = [...rules].map((rule) => hashText(flatten(rule)));
    let start = 0;
    while (start < fresh.length && start < it.sources.length && fresh[start] === it.sources[start]) start += 1;
    let end = 0;
    while (end < fresh.length - start && end < it.sources.length - start && fresh[fresh.length - 1 - end] === it.sources[it.sources.length - 1 - end]) end += 1;
    const removed = it.sources.length - start - end;
    const texts: string[] = [];
    for (let i = start; i < fresh.length - end; i++) texts.push(this.clean(rules[i]!, it.sheet)[0]);
    if (removed === 0 && texts.length === 0) return;
    it.sources = fresh;
    it.texts.splice(start, removed, ...texts);
    ops.rules(it.id, start, removed, texts);
  }

  private suspect: Known | null = null;

  /** Reads a few rules of one sheet at a time. */
  private looksDifferent(count: number): boolean {
    const all = [...this.known.values()].filter((it) => it.announced);
    const it = all[this.turn % Math.max(1, all.length)];
    const rules = it && rulesOf(it.sheet);
    if (!rules) return false;
    for (let i = 0; i < Math.min(count, rules.length); i++) {
      const at = it.looked % rules.length;
      it.looked = at + 1;
      if (hashText(flatten(rules[at]!)) !== it.sources[at]) {
        this.suspect = it;
        return true;
      }
    }
    return false;
  }
}

function sheetsOf(root: Root): CSSStyleSheet[] {
  return [...root.styleSheets, ...root.adoptedStyleSheets];
}

/** `null` when the sheet is another site's. */
function rulesOf(sheet: CSSStyleSheet): CSSRuleList | null {
  try {
    return sheet.cssRules;
  } catch {
    return null;
  }
}

/** A rule's text; an import becomes what it imports, in one rule. */
function flatten(rule: CSSRule): string {
  const sheet = (rule as Partial<CSSImportRule>).styleSheet;
  if (!sheet) return rule.cssText;
  const inside = rulesOf(sheet);
  if (!inside) return NO_RULE;
  const layer = (rule as { layerName?: string | null }).layerName;
  const body = [...inside].map((it) => flatten(it)).join('\n');
  const media = sheet.media.mediaText || 'all';
  return `@media ${media}{${layer == null ? body : `@layer ${layer}{${body}}`}}`;
}
