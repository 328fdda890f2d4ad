/** Time limits of looking along at the agent's side, in milliseconds. */

/** A page load takes this long at most before we say that the page is gone. */
export const GONE_AFTER_MS = 6_000;
/** Strokes and taps stay in sight this long. */
export const STROKE_MS = 3_000;
/** 30 Hz. */
export const POINT_MS = 33;
/** A stroke leaves in parts, so that the visitor sees it grow. */
export const STROKE_PART_MS = 100;
/** How long an ended look is told above the conversation. */
export const TOLD_MS = 600_000;
/** How long a trouble of the page stands in words. */
export const TROUBLE_MS = 12_000;
