/**
 * Which elements and attributes a mirror may hold. Both sides run it: the recorder before anything leaves the page, the applier before
 * anything is built, so that forged frames gain nothing. What is not listed does not exist.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const HTML = words(
  'html head body address article aside footer header h1 h2 h3 h4 h5 h6 hgroup main nav section search blockquote dd div dl dt figcaption figure hr li menu ol p pre ul ' +
  'a abbr b bdi bdo br cite code data dfn em i kbd mark q rp rt ruby s samp small span strong sub sup time u var wbr area audio img map video picture canvas ' +
  'del ins caption col colgroup table tbody td tfoot th thead tr button fieldset form input label legend meter optgroup option output progress select textarea ' +
  'details dialog summary slot center font big tt nobr strike acronym dir marquee iframe',
);
const SVG = words(
  'svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath linearGradient radialGradient stop clipPath mask pattern marker filter foreignObject ' +
  'feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR ' +
  'feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feTile feTurbulence switch a',
);
const MATH = words('math mi mn mo ms mspace mtext mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup munder mover munderover mtable mtr mtd semantics');
const CUSTOM = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;
const NOT_CUSTOM = /^(?:annotation-xml|color-profile|font-face|missing-glyph|balie-)/;

export function htmlTag(tag: string): boolean {
  return HTML.has(tag) || (tag.length <= 48 && CUSTOM.test(tag) && !NOT_CUSTOM.test(tag));
}
export const svgTag = (tag: string): boolean => SVG.has(tag);
export const mathTag = (tag: string): boolean => MATH.has(tag);

/** Attributes whose values are words, numbers or lists of them, and what a value has to look like. */
const NUMBER = /^-?\d{0,6}(?:\.\d{1,3})?(?:px|%|em|rem)?\*?$/;
const NAME = /^[\w-]{0,40}$/;
const oneOf = (list: string): RegExp => new RegExp(`^(?:${list.replaceAll(' ', '|')})?$`, 'i');

const SHAPES = new Map<string, RegExp>();
const shape = (pattern: RegExp, names: string): void => names.split(' ').forEach((name) => SHAPES.set(name, pattern));
shape(NUMBER, 'width height rows cols size colspan rowspan span border cellpadding cellspacing start hspace vspace marginwidth marginheight');
shape(oneOf('until-found true hidden open disabled readonly required multiple nowrap reversed inert auto manual hint'), 'hidden open disabled readonly required multiple nowrap reversed inert popover');
shape(oneOf('ltr rtl auto left right center justify char top middle bottom baseline row col rowgroup colgroup soft hard off'), 'dir align valign scope wrap');
shape(
  oneOf('text search email tel url number password date datetime-local month week time range color file checkbox radio submit button reset image disc circle square 1 a i'), 'type',
);
shape(
  oneOf('true false mixed page step location date time undefined horizontal vertical menu listbox tree grid dialog ascending descending none other grammar spelling'),
  'aria-expanded aria-hidden aria-selected aria-current aria-disabled aria-pressed aria-checked aria-busy aria-invalid aria-orientation aria-haspopup aria-modal aria-sort',
);
shape(oneOf('alert banner button checkbox combobox dialog form grid gridcell group heading img link list listbox listitem main menu menubar menuitem navigation none option presentation ' +
  'progressbar radio radiogroup region row search separator slider status switch tab table tablist tabpanel textbox toolbar tooltip tree treeitem'), 'role');
shape(/^[a-z]{2,3}(?:-[a-z0-9]{2,4}){0,2}$/i, 'lang');
shape(oneOf('0 1 no yes'), 'frameborder');
shape(/^(?:#[0-9a-f]{3,8}|black|white|gray|silver|red|maroon|yellow|olive|lime|green|aqua|teal|blue|navy|fuchsia|purple)$/i, 'bgcolor color text');

const SVG_SHAPE = /^[-+\w\s.,%()#:;]{0,60000}$/;
const SVG_NAMES = words(
  'd points x y x1 y1 x2 y2 cx cy r rx ry fx fy fr width height viewBox preserveAspectRatio fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin ' +
  'stroke-dasharray stroke-dashoffset stroke-miterlimit stroke-opacity transform opacity offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod ' +
  'clip-path clip-rule clipPathUnits mask maskUnits maskContentUnits patternUnits patternContentUnits patternTransform marker-start marker-mid marker-end markerWidth ' +
  'markerHeight markerUnits refX refY orient font-family font-size font-weight font-style text-anchor dominant-baseline alignment-baseline dx dy rotate textLength ' +
  'lengthAdjust startOffset letter-spacing visibility display overflow color vector-effect paint-order filter filterUnits primitiveUnits in in2 result stdDeviation mode ' +
  'type values operator k1 k2 k3 k4 flood-color flood-opacity radius scale xChannelSelector yChannelSelector baseFrequency numOctaves seed stitchTiles tableValues slope intercept amplitude exponent order ' +
  'kernelMatrix divisor bias edgeMode surfaceScale diffuseConstant specularConstant specularExponent lighting-color pathLength shape-rendering text-rendering',
);
/** A reference inside the document and nothing else. */
const LOCAL_URL = /^url\(["']?#[\w-]{1,64}["']?\)(?: [a-z]+)?$/;
export const FRAGMENT = /^#[\w:.-]{1,64}$/;

/** Attributes that other rules vouch for: they carry sanitized or referenced values. */
const MADE = words('class id style href src poster slot part');
/** Attributes that a person reads; the policy opens them. */
export const LABELS = words('placeholder alt title aria-label aria-valuetext label');
/** `value` of these is a figure, not what somebody typed. */
const FIGURES: Record<string, ReadonlySet<string>> = { progress: words('value max'), meter: words('value min max low high optimum'), li: words('value') };

export type Namespace = 'html' | 'svg' | 'math';

/** Whether the attribute may be mirrored with this value as it stands. */
export function plainAttribute(space: Namespace, tag: string, name: string, value: string): boolean {
  const wanted = SHAPES.get(name);
  if (space === 'svg' && SVG_NAMES.has(name)) return SVG_SHAPE.test(value) && (!/url|src|image/i.test(value) || LOCAL_URL.test(value)) && !tooLong(name, value);
  if (wanted?.test(value)) return true;
  if (tag === 'slot' && name === 'name') return NAME.test(value);
  return FIGURES[tag]?.has(name) === true && NUMBER.test(value);
}

/** Numbers are what drawings are made of; elsewhere a long word or number is no drawing. */
function tooLong(name: string, value: string): boolean {
  return value.length > 64 && !/^(?:d|points|viewBox|transform|gradientTransform|patternTransform|values|tableValues|kernelMatrix)$/.test(name);
}

/** Whether the applier may set this attribute; values of `src`, `poster` and `style` are resolved and cleaned by it besides. */
export function buildableAttribute(space: Namespace, tag: string, name: string, value: string): boolean {
  if (MADE.has(name) || LABELS.has(name)) return name !== 'href' || value === '#' || (space === 'svg' && FRAGMENT.test(value));
  return /^data-(?!balie)[a-z0-9_-]{1,60}$/.test(name) || plainAttribute(space, tag, name, value);
}

/** What keeps a page's form when the element itself may not come along. */
export const LEAVES: ReadonlySet<string> = words('input textarea img video audio canvas iframe br hr wbr');
