/**
 * What the panel, the part that asks for consent (`look`), and the part that tells the page (`mirror`) know of each other. Each is a
 * module of its own: `look` is loaded when somebody asks, `mirror` once the visitor agreed.
 */

import type { Answer } from '@balie/cobrowse/recorder';
import type { ControlUsed, Look, MirrorLeaving } from '@balie/protocol';
import type { Options } from './bridge';
import type { Language } from '@balie/ui';

/** One call to `/v1/visitor/…` with the visitor's token. Throws `Problem`. */
export type Call = <T>(path: string, method?: 'GET' | 'POST' | 'DELETE', body?: unknown) => Promise<T>;

export interface LookShell {
  root: ShadowRoot;
  options: Options;
  call: Call;
  /** The name of the desk, '' while it is not known. */
  deskName(): string;
  /** This tab's name. */
  tab: string;
  /** In this tab the visitor is who this token says. */
  lend(token: string): void;
  /** Loads the recorder; called after consent only. */
  loadMirror(): Promise<{ mount: MountMirror }>;
}

export interface LookHandle {
  /** Something about a look changed: ask the desk again. `reason`: it ended, and why. */
  changed(reason?: Look['endReason']): void;
  /** The id of the look that runs, here or in another tab. */
  current(): string | undefined;
  /** A look comes in from a sister site. Resolves once the visitor has answered: whether it goes on. */
  arrive(word: string): Promise<boolean>;
  /** The visitor wants a code to tell an agent. */
  showCode(): void;
  language(language: Language): void;
  /** The page became one where nothing of the chat may be; `resume` when it is an ordinary one again. */
  suspend(): void;
  resume(): void;
  /** Nothing of it stays on the page or in this tab's storage. The desk is told by the caller. */
  leave(): void;
}

export type MountLook = (shell: LookShell) => LookHandle;

export type ControlKind = 'scroll' | 'act';

export interface Ticket {
  ticket: string;
  /** The recorder counts its epochs from here. */
  epoch: number;
  /** As docs/cobrowse.md has it. */
  policy: unknown;
  policyVersion: number;
  policyHash: string;
  /** Sites that the look may go on at. */
  sisters: readonly string[];
}

/** `up`: the desk hears this page. `over`: it will not any more. */
export type LineState = 'connecting' | 'up' | 'down';
export type Over = 'taken_over' | 'refused' | 'recorder_failed' | 'page_too_large';
/** What the recorder says of this page: seen, paused by its policy, or never to be seen. */
export type PageState = 'viewing' | 'paused_by_page' | 'never_here';

/** Where a page's visitor goes: another site, the next page of this one, or away without a link. */
export type Departure = MirrorLeaving['d']['why'];

export interface MirrorShell {
  /** `wss://…/v1/socket/mirror` */
  url: string;
  /** Where to draw what the agent points at: covers the window, takes no pointer events, is not mirrored. */
  layer: HTMLElement;
  ticket(): Promise<Ticket>;
  agentName(): string;
  grants(): { scroll: boolean; act: boolean };
  onLook(look: Look): void;
  onLine(state: LineState): void;
  onPage(state: PageState): void;
  onAction(action: Omit<ControlUsed, 'look'>): Promise<unknown>;
  /** An agent proposes a page of this site. */
  onProposed(agent: string, page: URL): Promise<Answer>;
  onOver(why: Over): void;
}

export interface MirrorHandle {
  /** Nothing of the page leaves while paused. Counts at once, whatever the desk still thinks. */
  pause(paused: boolean): void;
  /** The page goes away now. */
  leave(why: Departure): void;
  stop(): void;
}

export type MountMirror = (shell: MirrorShell) => MirrorHandle;
