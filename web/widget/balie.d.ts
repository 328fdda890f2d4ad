/**
 * The widget's JavaScript API, for sites in TypeScript. Calls may be made before widget.js is there:
 *
 *   window.Balie = window.Balie || function () { (Balie.q = Balie.q || []).push(arguments) }
 */

/* eslint-disable @typescript-eslint/unified-signatures -- each command has its own sentence */

export interface BalieSettings {
  /** The inbox's public key, as in `data-inbox`. */
  inbox?: string;
  /** `nl` or `en`; else the page's own language, else the browser's. */
  language?: 'nl' | 'en';
  /** `auto` follows the visitor's system. */
  theme?: 'auto' | 'light' | 'dark';
  position?: 'right' | 'left';
  /** Words beside the launcher's icon. */
  label?: string;
  /** `false` when the site has a button of its own that calls `Balie('show')`. */
  launcher?: boolean;
  /** What the site knows of its visitor. Shown to agents as a claim, not as proof. */
  name?: string;
  email?: string;
}

export interface Balie {
  /** Start the widget; not needed when the script tag has `data-inbox`. */
  (command: 'boot', settings?: BalieSettings): void;
  /** Open the panel. */
  (command: 'show' | 'open'): void;
  /** Close the panel. */
  (command: 'hide' | 'close'): void;
  /** Open the panel with this text in the field; what the visitor was typing stays. */
  (command: 'showNewMessage', text?: string): void;
  (command: 'update', settings: Omit<BalieSettings, 'inbox' | 'position' | 'label'>): void;
  /** Tell agents the page again, for sites that change it without changing the address. */
  (command: 'trackPage'): void;
  /** Remove the widget and forget the visitor on this browser, for instance at log-out. */
  (command: 'shutdown'): void;
  (command: 'onShow' | 'onHide', listener: () => void): void;
  (command: 'onUnreadCountChange', listener: (count: number) => void): void;
  /** Calls that wait for widget.js. */
  q?: ArrayLike<unknown>[];
  readonly version?: string;
}

declare global {
  interface Window {
    Balie?: Balie;
  }
}
