/** What a frame says: the type byte of its payload and what follows. */

import { ProtocolError, Reader, Writer } from './bytes';
import { Class } from './envelope';

export const Type = {
  snapshotBegin: 1, ops: 2, snapshotEnd: 3, scroll: 4, pointer: 5, viewport: 6, page: 7, focus: 8, digest: 9, sheetText: 10, state: 11, result: 12, strings: 13, trouble: 14,
  pointAt: 32, highlight: 33, draw: 34, scrollTo: 35, click: 36, fill: 37, select: 38, ask: 39, propose: 40,
} as const;

export interface Begin { type: typeof Type.snapshotBegin; width: number; height: number; quirks: boolean; policy: string; address: string }
/** `at`: of a portrait, the number of the last frame to everybody that it holds; else 0. */
export interface End { type: typeof Type.snapshotEnd; nodes: number; at: number }
/** Of a scrolling element, or of a document by its id. */
export interface Scroll { type: typeof Type.scroll; id: number; x: number; y: number }
export interface Pointer { type: typeof Type.pointer; x: number; y: number; touch: boolean }
/** `scale` and offsets of the visual viewport in hundredths and CSS pixels. */
export interface Viewport { type: typeof Type.viewport; width: number; height: number; scale: number; x: number; y: number }
/** A route or title changed without a page load. `address` has no query and no hash. */
export interface Page { type: typeof Type.page; address: string; title: string }
export interface Focus { type: typeof Type.focus; id: number }
export interface TreeDigest { type: typeof Type.digest; nodes: number; value: number }
/** A part of a style sheet's text; its rules stand apart by U+001E. */
export interface SheetText { type: typeof Type.sheetText; hash: string; last: boolean; text: string }
export interface State { type: typeof Type.state; state: RecorderState }
/** The answer to a control action. */
export interface Result { type: typeof Type.result; request: number; outcome: Outcome }

/** The next entries of the epoch's string table, for a watcher who comes later. */
export interface Strings { type: typeof Type.strings; texts: readonly string[] }

/** What went wrong on the page, `count` times since it was last told. `id` (0: none), `fault` and `text` (at most 200 characters) only of a form's field. */
export interface Trouble { type: typeof Type.trouble; kind: TroubleKind; count: number; id: number; fault: Fault; text: string }

export interface PointAt { type: typeof Type.pointAt; x: number; y: number }
export interface Highlight { type: typeof Type.highlight; id: number }
/** A stroke, anchored to a node: offsets from its upper left corner. */
export interface Draw { type: typeof Type.draw; id: number; points: readonly number[] }
export interface ScrollTo { type: typeof Type.scrollTo; request: number; id: number; seen: number }
export interface Click { type: typeof Type.click; request: number; id: number; seen: number }
export interface Fill { type: typeof Type.fill; request: number; id: number; seen: number; text: string }
export interface Select { type: typeof Type.select; request: number; id: number; seen: number; index: number }
/** A page of the visitor's site to go to: an absolute address, or one to read from the page. At most `LONGEST_ADDRESS` characters. */
export interface Propose { type: typeof Type.propose; request: number; address: string }
/** For a fresh snapshot, the frames after `seq`, or a style sheet's text. */
export interface Ask { type: typeof Type.ask; what: 'snapshot' | 'replay' | 'sheet'; seq: number; hash: string }

export type FromVisitor = Begin | End | Scroll | Pointer | Viewport | Page | Focus | TreeDigest | SheetText | State | Result | Strings | Trouble;
export type FromAgent = PointAt | Highlight | Draw | ScrollTo | Click | Fill | Select | Ask | Propose;
export type Message = FromVisitor | FromAgent;

export const STATES = ['viewing', 'paused', 'paused_by_page', 'never_here', 'ended'] as const;
export type RecorderState = (typeof STATES)[number];

/** `done`, or refused because … */
export const OUTCOMES = [
  'done', 'no_grant', 'stale', 'gone', 'changed', 'blocked', 'masked', 'hidden', 'covered', 'disabled', 'own_window', 'protected_field', 'reserved',
  'leaves_page', 'editable', 'not_fillable', 'no_such_option', 'visitor_busy', 'not_viewing', 'other_site',
  'declined', 'unanswered', 'bad_address', 'same_page', 'asked_already',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const LONGEST_ADDRESS = 2_000;

export const TROUBLES = ['script', 'request', 'form'] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** Why a field is not right; `message`: the page's own reason. */
export const FAULTS = ['other', 'required', 'pattern', 'type', 'range', 'length', 'message'] as const;
export type Fault = (typeof FAULTS)[number];
const TROUBLE_TEXT = 200;

const ASKS = ['snapshot', 'replay', 'sheet'] as const;

export function classOf(type: number): Class {
  if (type === Type.pointer || type === Type.pointAt) return Class.droppable;
  if (type === Type.scroll || type === Type.viewport || type === Type.focus || type === Type.highlight) return Class.coalescible;
  return Class.critical;
}

export function write(message: Message): Uint8Array<ArrayBuffer> {
  const to = new Writer();
  to.byte(message.type);
  switch (message.type) {
    case Type.snapshotBegin:
      to.number(message.width); to.number(message.height); to.byte(message.quirks ? 1 : 0); to.text(message.policy); to.text(message.address);
      break;
    case Type.snapshotEnd: to.number(message.nodes); to.number(message.at); break;
    case Type.scroll: to.number(message.id); to.signed(message.x); to.signed(message.y); break;
    case Type.pointer: to.signed(message.x); to.signed(message.y); to.byte(message.touch ? 1 : 0); break;
    case Type.viewport:
      for (const it of [message.width, message.height, message.scale, message.x, message.y]) to.signed(it);
      break;
    case Type.page: to.text(message.address); to.text(message.title); break;
    case Type.focus: case Type.highlight: to.number(message.id); break;
    case Type.digest: to.number(message.nodes); to.number(message.value); break;
    case Type.sheetText: to.text(message.hash); to.byte(message.last ? 1 : 0); to.text(message.text); break;
    case Type.state: to.byte(STATES.indexOf(message.state)); break;
    case Type.result: to.number(message.request); to.byte(OUTCOMES.indexOf(message.outcome)); break;
    case Type.strings:
      to.number(message.texts.length);
      for (const it of message.texts) to.text(it);
      break;
    case Type.trouble:
      to.byte(TROUBLES.indexOf(message.kind)); to.number(message.count); to.number(message.id); to.byte(FAULTS.indexOf(message.fault)); to.text(message.text.slice(0, TROUBLE_TEXT));
      break;
    case Type.pointAt: to.signed(message.x); to.signed(message.y); break;
    case Type.draw:
      to.number(message.id); to.number(message.points.length);
      for (const it of message.points) to.signed(it);
      break;
    case Type.propose: to.number(message.request); to.text(message.address); break;
    case Type.ask: to.byte(ASKS.indexOf(message.what)); to.number(message.seq); to.text(message.hash); break;
    default:
      to.number(message.request); to.number(message.id); to.number(message.seen);
      if (message.type === Type.fill) to.text(message.text);
      if (message.type === Type.select) to.number(message.index);
  }
  return to.take();
}

/** The message of a payload that is not `Type.ops`. Throws ProtocolError. */
export function read(payload: Uint8Array): Message {
  const from = new Reader(payload);
  const message = readBody(from.byte(), from);
  if (!from.done) throw new ProtocolError('trailing_bytes');
  return message;
}

function readBody(type: number, from: Reader): Message {
  switch (type) {
    case Type.snapshotBegin:
      return { type, width: from.number(), height: from.number(), quirks: from.byte() === 1, policy: from.text(), address: from.text() };
    case Type.snapshotEnd: return { type, nodes: from.number(), at: from.number() };
    case Type.scroll: return { type, id: from.number(), x: from.signed(), y: from.signed() };
    case Type.pointer: return { type, x: from.signed(), y: from.signed(), touch: from.byte() === 1 };
    case Type.viewport:
      return { type, width: from.signed(), height: from.signed(), scale: from.signed(), x: from.signed(), y: from.signed() };
    case Type.page: return { type, address: from.text(), title: from.text() };
    case Type.focus: case Type.highlight: return { type, id: from.number() };
    case Type.digest: return { type, nodes: from.number(), value: from.number() };
    case Type.sheetText: return { type, hash: from.text(), last: from.byte() === 1, text: from.text() };
    case Type.state: return { type, state: one(STATES, from.byte()) };
    case Type.result: return { type, request: from.number(), outcome: one(OUTCOMES, from.byte()) };
    case Type.strings: {
      const texts: string[] = [];
      for (let left = from.number(); left > 0; left--) texts.push(from.text());
      return { type, texts };
    }
    case Type.trouble:
      return { type, kind: one(TROUBLES, from.byte()), count: from.number(), id: from.number(), fault: one(FAULTS, from.byte()), text: from.text().slice(0, TROUBLE_TEXT) };
    case Type.pointAt: return { type, x: from.signed(), y: from.signed() };
    case Type.draw: {
      const id = from.number();
      const points: number[] = [];
      for (let left = from.number(); left > 0; left--) points.push(from.signed());
      return { type, id, points };
    }
    case Type.propose: return { type, request: from.number(), address: short(from.text()) };
    case Type.ask: return { type, what: one(ASKS, from.byte()), seq: from.number(), hash: from.text() };
    case Type.scrollTo: case Type.click: return { type, ...target(from) };
    case Type.fill: return { type, ...target(from), text: from.text() };
    case Type.select: return { type, ...target(from), index: from.number() };
    default: throw new ProtocolError('unknown_type', String(type));
  }
}

function target(from: Reader): { request: number; id: number; seen: number } {
  return { request: from.number(), id: from.number(), seen: from.number() };
}

function short(address: string): string {
  if (address.length > LONGEST_ADDRESS) throw new ProtocolError('long_address', String(address.length));
  return address;
}

function one<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new ProtocolError('bad_value', String(index));
  return value;
}
