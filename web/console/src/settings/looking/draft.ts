/** A looking policy as its form holds it, and back. Pure. */
import type { PageMode, Policy } from '@balie/cobrowse';
import type { Profile } from '../../api/looks';

export const SELECTOR_KEYS = ['mask', 'block', 'show', 'noControl', 'canvas'] as const;
export type SelectorKey = (typeof SELECTOR_KEYS)[number];
export const SWITCH_KEYS = ['labels', 'title', 'cssContent'] as const;
export type SwitchKey = (typeof SWITCH_KEYS)[number];

export interface PageRule {
  /** Keeps its field when rules change places. */
  key: number;
  url: string;
  mode: PageMode;
}

export interface PolicyDraft {
  profile: Profile;
  text: Policy['text'];
  elsewhere: PageMode;
  labels: boolean;
  title: boolean;
  cssContent: boolean;
  pages: readonly PageRule[];
  /** One selector a line. */
  selectors: Readonly<Record<SelectorKey, string>>;
}

export function draftOf(profile: Profile, policy: Policy): PolicyDraft {
  const { text, elsewhere, labels, title, cssContent, pages } = policy;
  return {
    profile,
    text,
    elsewhere,
    labels,
    title,
    cssContent,
    pages: pages.map((rule, key) => ({ key, ...rule })),
    selectors: Object.fromEntries(SELECTOR_KEYS.map((key) => [key, policy[key].join('\n')])) as Record<SelectorKey, string>,
  };
}

export function policyOf(draft: PolicyDraft): Policy {
  const { text, elsewhere, labels, title, cssContent, pages } = draft;
  const lists = Object.fromEntries(SELECTOR_KEYS.map((key) => [key, linesOf(draft.selectors[key])])) as Record<SelectorKey, string[]>;
  return { version: 1, text, elsewhere, labels, title, cssContent, pages: pages.map(({ url, mode }) => ({ url: url.trim(), mode })), ...lists };
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** What the desk found wrong, by the form's field: `pages.2` is the third rule, `mask` the list of that name (with the line). */
export function flawsByField(errors: readonly { pointer?: string; detail?: string }[]): Map<string, { detail: string; line: number | null }> {
  const found = new Map<string, { detail: string; line: number | null }>();
  for (const { pointer = '', detail = '' } of errors) {
    const [, , key = '', index] = pointer.split('/');
    const at = index === undefined || !/^\d+$/.test(index) ? null : Number(index);
    const field = key === 'pages' && at !== null ? `pages.${at}` : key;
    if (!found.has(field)) found.set(field, { detail, line: key === 'pages' ? null : at });
  }
  return found;
}

/** The lines that this browser cannot read as selectors; the visitor's browser could not either. */
export function unreadable(text: string, reads: (selector: string) => boolean): number | null {
  const at = linesOf(text).findIndex((line) => !reads(line));
  return at < 0 ? null : at;
}
