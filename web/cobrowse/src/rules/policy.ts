/** What an organisation lets its agents see: read once from versioned JSON, and strict where it says nothing. */

export const PAGE_MODES = ['view', 'view-without-fields', 'pause', 'never'] as const;
export type PageMode = (typeof PAGE_MODES)[number];

export interface Policy {
  version: 1;
  /** The first rule that fits the page's address decides. `*` stands for any text without a slash, `**` for any text. */
  pages: readonly { url: string; mode: PageMode }[];
  /** Of pages that no rule fits. */
  elsewhere: PageMode;
  /** Texts of the page. Fields stay masked either way. */
  text: 'show' | 'mask';
  /** Placeholders, alternative texts, titles, ARIA labels and captions of input buttons. */
  labels: boolean;
  /** Texts that style sheets add. */
  cssContent: boolean;
  /** The page's title. */
  title: boolean;
  /** Selectors. `show` opens texts and fields inside, save the protected kinds; the nearest of mask and show decides; block is final. */
  mask: readonly string[];
  show: readonly string[];
  block: readonly string[];
  /** Canvases whose picture may be sent. */
  canvas: readonly string[];
  /** What an agent may never press. */
  noControl: readonly string[];
}

/** Texts are seen, fields and everything else are not. */
export const STANDARD: Policy = {
  version: 1, pages: [], elsewhere: 'view', text: 'show', labels: false, cssContent: false, title: false, mask: [], show: [], block: [], canvas: [], noControl: [],
};

/** `path` leads to what is wrong: `pages.2.mode`. */
export class PolicyError extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string) {
    super(`${code} at ${path || 'the top'}`);
    this.name = 'PolicyError';
    this.code = code;
    this.path = path;
  }
}

const SELECTORS = ['mask', 'show', 'block', 'canvas', 'noControl'] as const;
const SWITCHES = ['labels', 'cssContent', 'title'] as const;
/** What the desk goes by itself: nothing for the page, and no part of the hash. */
const DESKS = ['recording', 'recordingDays', 'hints', 'sisters'];

/** A missing key hides: texts are masked unless the policy says `"text": "show"`. Throws PolicyError. */
export function parsePolicy(value: unknown): Policy {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PolicyError('not_an_object', '');
  const given = value as Record<string, unknown>;
  const known = new Set([...Object.keys(STANDARD), ...DESKS]);
  for (const key of Object.keys(given)) if (!known.has(key)) throw new PolicyError('unknown_key', key);
  if (given['version'] !== 1) throw new PolicyError('unknown_version', 'version');
  const policy: Record<string, unknown> = { version: 1 };
  policy['text'] = among(given['text'] ?? 'mask', ['show', 'mask'], 'text');
  policy['elsewhere'] = among(given['elsewhere'] ?? 'view', PAGE_MODES, 'elsewhere');
  for (const key of SWITCHES) {
    const it = given[key] ?? false;
    if (typeof it !== 'boolean') throw new PolicyError('not_a_switch', key);
    policy[key] = it;
  }
  for (const key of SELECTORS) policy[key] = list(given[key], key).map((it, index) => text(it, `${key}.${index}`));
  policy['pages'] = list(given['pages'], 'pages').map((it, index) => {
    const rule = (typeof it === 'object' ? it : null) as Record<string, unknown> | null;
    if (!rule) throw new PolicyError('not_an_object', `pages.${index}`);
    return { url: text(rule['url'], `pages.${index}.url`), mode: among(rule['mode'], PAGE_MODES, `pages.${index}.mode`) };
  });
  return policy as unknown as Policy;
}

/** What may be seen of the page at this address (query and hash do not count). */
export function pageMode(policy: Policy, address: string): PageMode {
  const bare = address.replace(/[?#].*$/s, '');
  const path = /^[a-z]+:\/\/[^/]*(\/.*)?$/i.exec(bare)?.[1] ?? '/';
  const rule = policy.pages.find(({ url }) => glob(url).test(url.startsWith('/') ? path : bare));
  return rule?.mode ?? policy.elsewhere;
}

/** SHA-256 of the policy in a fixed order of keys, for the audit record; '' where the page is no secure context. */
export async function policyHash(policy: Policy): Promise<string> {
  const sorted = Object.entries(policy).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(sorted));
}

export async function sha256(content: string): Promise<string> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (!subtle) return '';
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(content));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function glob(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`, 'i');
}

function list(value: unknown, path: string): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new PolicyError('not_a_list', path);
  return value as unknown[];
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw new PolicyError('not_text', path);
  return value;
}

function among<T extends string>(value: unknown, choices: readonly T[], path: string): T {
  const found = choices.find((it) => it === value);
  if (found === undefined) throw new PolicyError('unknown_choice', path);
  return found;
}
