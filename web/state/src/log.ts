import { type ConversationSnapshot, type Fact, LOGGED_KINDS } from '@balie/protocol';

/** An older page of a log, as HTTP answers it. */
export interface LogPage {
  readonly log: readonly Fact[];
  readonly more: boolean;
}

/** The loaded part of a conversation's log. `loading` until its snapshot came; facts that arrive meanwhile are kept. */
export interface Log {
  readonly facts: readonly Fact[];
  readonly more: boolean;
  readonly loading: boolean;
}

export const EMPTY_LOG: Log = { facts: [], more: true, loading: true };

const LOGGED: readonly string[] = LOGGED_KINDS;

/** Whether a fact is a line of its conversation's log. */
export function isLogged(fact: Fact): boolean {
  return LOGGED.includes(fact.kind);
}

/** `facts` with `fact` at the end; the same array when it is no line or already there. */
export function appendFact(facts: readonly Fact[], fact: Fact): readonly Fact[] {
  const last = facts[facts.length - 1];
  return !isLogged(fact) || (last !== undefined && fact.seq <= last.seq) ? facts : [...facts, fact];
}

/** `facts` with an older page in front; overlap is dropped. */
export function prependFacts(facts: readonly Fact[], older: readonly Fact[]): readonly Fact[] {
  const first = facts[0];
  const fresh = first === undefined ? older : older.filter((fact) => fact.seq < first.seq);
  return fresh.length === 0 ? facts : [...fresh, ...facts];
}

/** A log from its snapshot, followed by the lines that came in while it was under way. */
export function logFromSnapshot(snapshot: ConversationSnapshot, meanwhile: Log = EMPTY_LOG): Log {
  const later = meanwhile.facts.filter((fact) => fact.seq > snapshot.conversation.seq);
  return { facts: [...snapshot.log, ...later], more: snapshot.more, loading: false };
}
