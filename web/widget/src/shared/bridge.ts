/** What the loader and the panel know of each other: the panel is one ES module that the loader imports on intent. */

import type { Language } from '@balie/ui';

export type { Language };
export type Theme = 'auto' | 'light' | 'dark';

/** Everything a site can choose. `desk` is the base URL that the loader came from, with a trailing slash. */
export interface Options {
  desk: string;
  inbox: string;
  language: Language;
  theme: Theme;
  position: 'right' | 'left';
  label: string;
  launcher: boolean;
  name?: string | undefined;
  email?: string | undefined;
  /** The word that brought a look from a sister site. */
  word?: string | undefined;
}

/** What `Balie('update')` may change while the widget lives. */
export interface Update {
  name?: string | undefined;
  email?: string | undefined;
  language?: Language | undefined;
}

/** What the loader hands to the panel: where to draw, and whom to tell. */
export interface Shell {
  root: ShadowRoot;
  options: Options;
  /** The panel opened or closed; with `focus` the focus goes back to the launcher. */
  onOpen(open: boolean, focus: boolean): void;
  onUnread(count: number): void;
}

export interface PanelHandle {
  /** `restore`: the page was loaded with the panel open, so nothing may take the focus. */
  show(how: { restore: boolean }): void;
  hide(): void;
  /** Connect without opening, for the unread badge. */
  resume(): void;
  /** The page became one where the chat must not be: close the connection, keep what is stored. */
  pause(): void;
  update(change: Update): void;
  page(): void;
  prefill(text: string): void;
  /** Forget this visitor on this browser. */
  shutdown(): Promise<void>;
}

export type Mount = (shell: Shell) => PanelHandle;
