import { readdirSync, readFileSync } from 'node:fs';
import type { Conversation, Fact } from '@balie/protocol';
import { describe, expect, it } from 'vitest';
import { applyConversation } from '../src/index';

interface Case {
  name: string;
  before: Conversation | null;
  fact: Fact;
  after: Conversation;
}

const folder = new URL('../../../tests/cases/reducer/', import.meta.url);

describe.each(readdirSync(folder))('the shared cases in %s', (file) => {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf-8')) as Case[];

  it.each(cases)('$name', ({ before, fact, after }) => {
    const kept = structuredClone(before);
    expect(applyConversation(before, fact)).toEqual(after);
    expect(before).toEqual(kept);
  });
});
