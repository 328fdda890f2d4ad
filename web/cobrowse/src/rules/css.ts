/**
 * Style sheets without what they could carry: every url() goes through the asset route or goes away, and texts in `content` and in custom
 * properties stay behind unless the policy shows them. Reads rules as the browser serializes them (CSSOM: `cssText`).
 */

import { isPlainName } from './patterns';

export interface CssRules {
  /** A reference the viewer may load instead of this address, or null. */
  asset(address: string, use: 'image' | 'font'): string | null;
  /** Texts in `content` may be seen. */
  content: boolean;
  /** An inline style: written by the page for this visitor, so words in custom properties stay behind too. */
  inline?: boolean;
}

/** What an address becomes when it may not be loaded: valid, and asks for nothing. */
const NOTHING = 'url("data:,")';
/** Properties whose strings are names or shapes. */
const NAMING = /^(?:font|font-family|grid|grid-area|grid-template|grid-template-areas|font-feature-settings|font-variation-settings|quotes|src|hyphenate-character|text-emphasis|text-emphasis-style|syntax|container|container-name|list-style|list-style-type|text-overflow)$/;
/** Marks and icons of an icon font say nothing about a person. */
const MARK = /^(?:[^\p{L}\p{N}]|\\[0-9a-f]{1,6} ?){0,3}$/iu;
const INLINE_VALUE = /^(?:\s|,|\/|#[0-9a-f]{3,8}\b|[-+]?(?:\d{1,5}(?:\.\d*)?|\.\d+)(?:px|r?em|%|deg|turn|m?s|[dsl]?v[hw]|fr|pt|ch)?(?![\w.])|(?:rgba?|hsla?|calc|var|translate[XYZ3d]*|scale|rotate)\(|--[a-z][a-z-]{0,30}(?=\s*[,)])|\)|(?:none|auto|inherit|initial|unset|block|flex|grid|hidden|visible|solid|transparent|currentcolor)\b)*$/i;

export function cleanCss(text: string, rules: CssRules): string {
  let out = '';
  let at = 0;
  let segment = 0;
  let brackets = 0;
  const take = (to: number): void => {
    out += text.slice(at, to);
    at = to;
  };
  while (at < text.length) {
    const rest = /["'{};[\]\\]|(?<![\w-])(?:url|src|attr|image-set|-webkit-image-set)\(/gi;
    rest.lastIndex = at;
    const match = rest.exec(text);
    if (!match) break;
    take(match.index);
    const sign = match[0];
    if (sign === '"' || sign === "'") {
      const end = endOfString(text, at);
      out += string(text.slice(at, end), brackets > 0 ? 'selector' : property(text, segment), rules);
      at = end;
    } else if (sign === '\\') take(at + 2);
    else if (sign.length === 1) {
      if (sign === '[') brackets += 1;
      else if (sign === ']') brackets = Math.max(0, brackets - 1);
      else {
        segment = at + 1;
        brackets = 0;
      }
      take(at + 1);
    } else if (/^(?:url|src)/i.test(sign)) {
      const [address, end] = readUrl(text, at + sign.length);
      out += url(address, property(text, segment) === 'src' ? 'font' : 'image', rules);
      at = end;
    } else if (/image-set/i.test(sign)) {
      take(at + sign.length);
    } else take(at + sign.length);
  }
  take(text.length);
  return out.includes('--') ? cleanCustom(out, rules) : out;
}

/** For what no browser serialized: letters written as escapes are letters again, so that no word hides from `cleanCss`. */
export function plainCss(text: string): string {
  return text.replace(/\\(?:0{0,4}([46][1-9a-f]|[57][0-9a])(?:\s|(?![0-9a-f]))|([g-z_]))/gi, (_, code: string | undefined, letter: string) =>
    code ? String.fromCharCode(parseInt(code, 16)) : letter);
}

function string(quoted: string, where: string, rules: CssRules): string {
  const inside = quoted.slice(1, -1);
  if (where === 'selector') return isPlainName(inside) ? quoted : '""';
  if (NAMING.test(where)) return inside.length <= 400 && (/grid/.test(where) || isPlainName(inside)) ? quoted : '""';
  if (MARK.test(inside)) return quoted;
  return rules.content && !rules.inline ? quoted : '""';
}

function url(address: string, use: 'image' | 'font', rules: CssRules): string {
  if (address.startsWith('#') && /^#[\w-]{1,64}$/.test(address)) return `url("${address}")`;
  const found = rules.asset(address, use);
  return found === null ? NOTHING : `url("${found.replace(/["\\\n]/g, encodeURIComponent)}")`;
}

/** Custom properties: in sheets, no value that looks like a token; inline, only figures and colours. */
function cleanCustom(text: string, rules: CssRules): string {
  return text.replace(/(^|[{};])(\s*)(--[\w-]+)(\s*:\s*)([^{};]*)/g, (whole, before: string, space: string, name: string, colon: string, value: string) => {
    const good = rules.inline ? INLINE_VALUE.test(value) && isPlainName(name) : value.split(/[\s,()"']+/).every((word) => /^[-+#.\d]/.test(word) || isPlainName(word));
    return good ? whole : `${before}${space}${name}${colon} `;
  });
}

function endOfString(text: string, from: number): number {
  const quote = text[from];
  let at = from + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function readUrl(text: string, from: number): [string, number] {
  let at = from;
  while (text[at] === ' ') at += 1;
  if (text[at] === '"' || text[at] === "'") {
    const end = endOfString(text, at);
    const close = text.indexOf(')', end);
    return [unescape(text.slice(at + 1, end - 1)), close < 0 ? text.length : close + 1];
  }
  const close = text.indexOf(')', at);
  return [unescape(text.slice(at, close < 0 ? text.length : close).trim()), close < 0 ? text.length : close + 1];
}

function unescape(text: string): string {
  return text.replace(/\\([0-9a-f]{1,6})\s?|\\(.)/gi, (_, code: string | undefined, sign: string) =>
    code ? String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff)) : sign);
}

/** The property that the text from `segment` on belongs to. */
function property(text: string, segment: number): string {
  return /^\s*([-\w]+)\s*:/.exec(text.slice(segment, segment + 80))?.[1]?.toLowerCase() ?? '';
}

/** The class names, ids and attribute values that selectors of a sheet ask for. */
export class Mentioned {
  readonly classes = new Set<string>();
  readonly ids = new Set<string>();
  readonly parts = new Set<string>();
  /** Attribute → values asked for; an attribute asked for by presence has an empty set. */
  readonly data = new Map<string, Set<string>>();
  /** Grows whenever something new was asked for. */
  version = 0;

  read(css: string): void {
    const before = this.size;
    let values = 0;
    for (const match of css.matchAll(/([.#])((?:[\w-]|[\u0080-\uffff]|\\[0-9a-f]{1,6} ?|\\.)+)/gi)) {
      (match[1] === '.' ? this.classes : this.ids).add(unescape(match[2]!));
    }
    for (const match of css.matchAll(/::part\(([\w\s-]+)\)/g)) for (const part of match[1]!.split(/\s+/)) this.parts.add(part);
    for (const match of css.matchAll(/\[\s*(data-[\w-]+)\s*(?:[~|^$*]?=\s*(?:"([^"]{0,32})"|'([^']{0,32})'|([\w-]{1,32})))?/g)) {
      const known = this.data.get(match[1]!) ?? new Set<string>();
      this.data.set(match[1]!, known);
      const size = known.size;
      const value = match[2] ?? match[3] ?? match[4];
      if (value !== undefined && isPlainName(value)) known.add(value);
      values += known.size - size;
    }
    if (values > 0 || this.size > before) this.version += 1;
  }

  private get size(): number {
    return this.classes.size + this.ids.size + this.parts.size + this.data.size;
  }
}
