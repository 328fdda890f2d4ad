import type { Actor, Fact, TypingSeen } from '@balie/protocol';

interface Typist {
  readonly conversation: string;
  readonly actor: Actor;
  readonly until: number;
}

/** Who was last seen typing where. */
export type Typing = readonly Typist[];

export const NOBODY_TYPES: Typing = [];

/** Senders repeat the signal each 3 s; one that stops without a word counts for 6 s. */
const LASTS_MS = 6_000;

/** The list after a signal; `now` is the receiver's clock. */
export function seeTyping(typing: Typing, signal: TypingSeen, now: number): Typing {
  const { conversation, actor, on } = signal;
  const others = typing.filter(
    (it) => it.until > now && !(it.conversation === conversation && it.actor.id === actor.id),
  );
  return on ? [...others, { conversation, actor, until: now + LASTS_MS }] : others;
}

/** Whoever sent a message is no longer typing it. */
export function typingAfterFact(typing: Typing, fact: Fact): Typing {
  if (fact.kind !== 'message_added') return typing;
  const rest = typing.filter((it) => !(it.conversation === fact.stream && it.actor.id === fact.actor.id));
  return rest.length === typing.length ? typing : rest;
}

/** Who is typing in a conversation now. */
export function typistsOf(typing: Typing, conversation: string, now: number): Actor[] {
  return typing.filter((it) => it.conversation === conversation && it.until > now).map((it) => it.actor);
}

/** When the list changes by itself next; none when nobody types. */
export function typingEnds(typing: Typing, now: number): number | null {
  const ends = typing.map((it) => it.until).filter((until) => until > now);
  return ends.length > 0 ? Math.min(...ends) : null;
}
