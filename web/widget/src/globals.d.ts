/** File names of the parts that are loaded later, known when the part before them is built. */
declare const __PANEL__: string;
declare const __LOOK__: string;
declare const __MIRROR__: string;
declare const __VERSION__: string;
