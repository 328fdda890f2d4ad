/** The mirrored style sheets, as constructed sheets: no style element, nothing that a policy forbids. */

import { ProtocolError } from '../protocol';
import { cleanCss, plainCss } from '../rules';
import { BASE_CSS, FRAME, type Builder } from './build';

const SEPARATOR = '\u001e';
const NO_RULE = '@media not all{}';
const MOST_TEXT = 8_388_608;

interface Sheet {
  hash: string;
  sheet: CSSStyleSheet;
  filled: boolean;
  late: (() => void)[];
}

type Root = Document | ShadowRoot;

export class ViewerSheets {
  private readonly builder: Builder;
  private readonly missing: (hash: string) => void;
  private readonly base = new CSSStyleSheet();
  private readonly sheets = new Map<number, Sheet>();
  private readonly parts = new Map<string, string>();
  private readonly texts: Map<string, string>;

  /** `texts` outlives an epoch: a sheet seen once need not come again. */
  constructor(builder: Builder, texts: Map<string, string>, missing: (hash: string) => void) {
    this.builder = builder;
    this.texts = texts;
    this.missing = missing;
    this.base.replaceSync(BASE_CSS);
  }

  /** A root without sheets of its own still knows what a box is. */
  dress(root: Root, ids: readonly number[]): void {
    root.adoptedStyleSheets = [this.base, ...ids.map((id) => this.known(id).sheet)];
  }

  define(id: number, hash: string, media: string, disabled: boolean): void {
    const known = this.sheets.get(id);
    if (known?.hash === hash) {
      known.sheet.disabled = disabled;
      return;
    }
    const it: Sheet = { hash, sheet: new CSSStyleSheet({ media, disabled }), filled: false, late: [] };
    this.sheets.set(id, it);
    const text = this.texts.get(hash);
    if (text !== undefined) this.fill(it, text);
    else this.missing(hash);
  }

  part(hash: string, text: string, last: boolean): void {
    const whole = (this.parts.get(hash) ?? '') + text;
    if (whole.length > MOST_TEXT) throw new ProtocolError('sheet_too_large');
    if (!last) {
      this.parts.set(hash, whole);
      return;
    }
    this.parts.delete(hash);
    this.texts.set(hash, whole);
    for (const it of this.sheets.values()) if (it.hash === hash && !it.filled) this.fill(it, whole);
  }

  splice(id: number, at: number, removed: number, texts: readonly string[]): void {
    const it = this.known(id);
    const change = (): void => {
      const { sheet } = it;
      if (at + removed > sheet.cssRules.length) throw new ProtocolError('no_such_rule');
      for (let i = 0; i < removed; i++) sheet.deleteRule(at);
      texts.forEach((text, index) => this.insert(sheet, text, at + index));
    };
    if (it.filled) change();
    else it.late.push(change);
  }

  private fill(it: Sheet, text: string): void {
    const rules = text === '' ? [] : text.split(SEPARATOR);
    it.filled = true;
    it.sheet.replaceSync(rules.map((rule) => this.clean(rule)).join('\n'));
    if (it.sheet.cssRules.length !== rules.length) {
      // A rule that this browser cannot read must not shift the others.
      it.sheet.replaceSync('');
      rules.forEach((rule, index) => this.insert(it.sheet, rule, index));
    }
    for (const change of it.late.splice(0)) change();
  }

  private insert(sheet: CSSStyleSheet, text: string, at: number): void {
    try {
      sheet.insertRule(this.clean(text), at);
    } catch {
      sheet.insertRule(NO_RULE, at);
    }
  }

  /** A frame of the page is an element of ours here: rules for frames are meant for it. */
  private clean(rule: string): string {
    return cleanCss(plainCss(rule), this.builder.css()).replace(/(^|[\s,>+~({}])iframe(?![\w-])/gi, `$1${FRAME}`);
  }

  private known(id: number): Sheet {
    const it = this.sheets.get(id);
    if (!it) throw new ProtocolError('unknown_sheet', String(id));
    return it;
  }
}
