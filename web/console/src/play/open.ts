/** Which recording is on screen, and who may play one. */
import { signal } from '@preact/signals';
import { me, state } from '../model/desk';
import { isMe } from '../model/names';

export const playing = signal<{ look: string; conversation: string } | null>(null);

/** Admins, supervisors and whoever led the look; nobody once it is removed. The desk holds to it, this only hides a button. */
export function mayPlay(conversation: string, look: string): boolean {
  const facts = state.value?.logs.get(conversation)?.facts ?? [];
  if (facts.some((fact) => fact.kind === 'recording_removed' && fact.body.look === look)) return false;
  return oversees() || facts.some((fact) => fact.kind === 'look_invited' && fact.body.look === look && isMe(fact.actor));
}

export function oversees(): boolean {
  return me.value !== null && me.value.role !== 'agent';
}
