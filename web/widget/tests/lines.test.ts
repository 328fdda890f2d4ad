import type { Actor, Fact, VisitorConversation } from '@balie/protocol';
import type { Pending, VisitorState } from '@balie/state';
import { describe, expect, it } from 'vitest';
import { linesOf, type EventLine, type Line, type MessageLine } from '../src/panel/lines';

const MARIEKE: Actor = { kind: 'contact', id: 'con_1', name: 'Marieke' };
const SANNE: Actor = { kind: 'agent', id: 'agt_1', name: 'Sanne' };
const TOM: Actor = { kind: 'agent', id: 'agt_2', name: 'Tom' };
const NOON = new Date(2026, 2, 3, 12).getTime();
const MINUTE = 60_000;

type Step = [kind: 'message_added' | 'conversation_assigned' | 'conversation_closed' | 'conversation_opened', actor: Actor, detail?: string | Actor | null];

function conversation(id: string, steps: Step[], from = NOON): VisitorConversation {
  const log = steps.map(
    ([kind, actor, detail], n) =>
      ({
        pos: 0,
        stream: id,
        seq: n + 1,
        at: from + n * MINUTE,
        kind,
        actor,
        body: kind === 'message_added' ? { cid: `${id}-${n}`, text: detail, sentAt: null } : { agent: detail ?? null },
      }) as unknown as Fact,
  );
  return {
    id,
    seq: log.length,
    status: 'open',
    assignee: null,
    visitorMarkRead: 0,
    deskMarkDelivered: 0,
    deskMarkRead: 0,
    unread: 0,
    log,
    more: false,
  };
}

const state = (...conversations: VisitorConversation[]): VisitorState => ({ desk: { status: 'online', name: 'Kwelder', hours: null }, conversations });
const flat = (it: VisitorState, pending: Pending[] = []): Line[] => linesOf(it, pending).flatMap((day) => day.lines);
const messages = (lines: Line[]) => lines.filter((line): line is MessageLine => line.line === 'message');
const events = (lines: Line[]) => lines.filter((line): line is EventLine => line.line === 'event');

function pending(cid: string, at: number): Pending {
  return { cid, conversation: null, text: 'nog niet verstuurd', note: false, at, state: 'queued', code: null };
}

describe('the lines of the log', () => {
  it('shows who at the start and when at the end of a run by one author', () => {
    const lines = messages(
      flat(
        state(
          conversation('cnv_1', [
            ['message_added', MARIEKE, 'a'],
            ['message_added', SANNE, 'b'],
            ['message_added', SANNE, 'c'],
          ]),
        ),
      ),
    );
    expect(lines.map(({ first, last }) => [first, last])).toEqual([
      [true, true],
      [true, false],
      [false, true],
    ]);
  });

  it('names a helper once, and nobody when the conversation goes back to the queue', () => {
    const steps: Step[] = [
      ['conversation_opened', MARIEKE],
      ['conversation_assigned', SANNE, SANNE],
      ['conversation_assigned', SANNE, SANNE],
      ['conversation_assigned', SANNE, null],
      ['conversation_assigned', TOM, TOM],
    ];
    expect(events(flat(state(conversation('cnv_1', steps)))).map(({ name }) => name)).toEqual(['Sanne', 'Tom']);
  });

  it('shows a message once while its ack and its fact both are there', () => {
    const it = state(conversation('cnv_1', [['message_added', MARIEKE, 'a']]));
    expect(messages(flat(it, [pending('cnv_1-0', NOON)]))).toHaveLength(1);
  });

  it('puts what is pending last, whatever the clock of this device says', () => {
    const it = state(conversation('cnv_1', [['message_added', SANNE, 'a']]));
    expect(messages(flat(it, [pending('x', NOON - 5 * MINUTE)])).map(({ key }) => key)).toEqual(['cnv_1-0', 'x']);
  });

  it('joins conversations into one list with keys of their own', () => {
    const closed: Step[] = [
      ['message_added', MARIEKE, 'a'],
      ['conversation_closed', SANNE],
    ];
    const lines = flat(state(conversation('cnv_1', closed), conversation('cnv_2', closed, NOON + 60 * MINUTE)));
    expect(new Set(lines.map(({ key }) => key)).size).toBe(4);
  });

  it('writes the tick out for the newest own message only', () => {
    const it = state(
      conversation('cnv_1', [
        ['message_added', MARIEKE, 'a'],
        ['message_added', MARIEKE, 'b'],
        ['message_added', SANNE, 'c'],
      ]),
    );
    expect(messages(flat(it)).map(({ newest }) => newest)).toEqual([false, true, false]);
  });
});
