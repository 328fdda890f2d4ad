/** The panel's file name, known when the loader is built. */
declare const __PANEL__: string;
declare const __VERSION__: string;
