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

export interface DeskKeys {
  recording: boolean;
  /** As typed: 1 to 365. */
  recordingDays: string;
  hints: boolean;
  /** One origin a line. */
  sisters: string;
}

export const DAYS_MOST = 365;
const DAYS = 30;
const DESK_KEYS = ['recording', 'recordingDays', 'hints', 'sisters'];

/** A stored policy in its two parts: for the recorder, and for the desk. */
export function partsOfPolicy(stored: Readonly<Record<string, unknown>>): { page: Record<string, unknown>; desk: DeskKeys } {
  const page = Object.fromEntries(Object.entries(stored).filter(([key]) => !DESK_KEYS.includes(key)));
  const { recording, recordingDays, hints, sisters } = stored;
  return {
    page,
    desk: {
      recording: recording === 'ask',
      recordingDays: String(typeof recordingDays === 'number' ? recordingDays : DAYS),
      hints: hints === true,
      sisters: Array.isArray(sisters) ? sisters.join('\n') : '',
    },
  };
}

/** Keys at their start value are left out. */
export function deskKeysOf({ recording, recordingDays, hints, sisters }: DeskKeys): Record<string, unknown> {
  const days = daysOf(recordingDays);
  const origins = linesOf(sisters);
  return {
    ...(recording ? { recording: 'ask' } : {}),
    ...(days !== DAYS && days !== null ? { recordingDays: days } : {}),
    ...(hints ? { hints } : {}),
    ...(origins.length > 0 ? { sisters: origins } : {}),
  };
}

/** A whole number of days, or null. */
export function daysOf(text: string): number | null {
  const days = /^\d{1,3}$/.test(text.trim()) ? Number(text) : NaN;
  return days >= 1 && days <= DAYS_MOST ? days : null;
}

export interface PolicyDraft {
  profile: Profile;
  text: Policy['text'];
  elsewhere: PageMode;
  labels: boolean;
  title: boolean;
  cssContent: boolean;
  /** What the desk goes by itself; the recorder on the page knows nothing of it. */
  desk: DeskKeys;
  pages: readonly PageRule[];
  /** One selector a line. */
  selectors: Readonly<Record<SelectorKey, string>>;
}

export function draftOf(profile: Profile, policy: Policy, desk: DeskKeys): PolicyDraft {
  const { text, elsewhere, labels, title, cssContent, pages } = policy;
  return {
    profile,
    text,
    elsewhere,
    labels,
    title,
    cssContent,
    desk,
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
