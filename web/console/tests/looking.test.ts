import { describe, expect, it } from 'vitest';
import { codeIn, digitsOf } from '../src/look/code';
import { centre, fit, isInside, labelSide, offsets, sight, toCopy, toVisitor } from '../src/look/geometry';
import { leftText } from '../src/look/left';
import { isLive, isWaiting, type Seen, showsPicture, stageOf } from '../src/look/stage';
import { en } from '../src/text/en';
import { nl } from '../src/text/nl';
import { OUTCOMES } from '@balie/cobrowse';

const seen = (change: Partial<Seen> = {}): Seen => ({
  look: { state: 'viewing', pausedBy: null, away: null },
  line: 'live',
  wasLive: true,
  goneSince: null,
  picture: 'shown',
  never: false,
  ...change,
});

describe('what the agent looks at', () => {
  it('is the page while everything is there', () => {
    expect(stageOf(seen(), 0)).toBe('viewing');
  });

  it('is the end, whatever else is the matter', () => {
    expect(stageOf(seen({ look: { state: 'ended', pausedBy: null, away: null }, line: 'refused', goneSince: 0, never: true }), 9e9)).toBe('ended');
  });

  it('tells who paused, and shows nothing of the page meanwhile', () => {
    const visitor = stageOf(seen({ look: { state: 'paused', pausedBy: 'visitor', away: null } }), 0);
    const page = stageOf(seen({ look: { state: 'paused', pausedBy: 'page', away: null } }), 0);
    expect([visitor, page]).toEqual(['paused_visitor', 'paused_page']);
    expect([visitor, page, 'never_here', 'ended', 'refused', 'loading'].map((stage) => showsPicture(stage as typeof page))).toEqual(Array(6).fill(false));
  });

  it('is a change of page at first, and a page that is gone when nobody comes back', () => {
    expect(stageOf(seen({ goneSince: 1_000 }), 3_000)).toBe('changing');
    expect(stageOf(seen({ goneSince: 1_000 }), 8_000)).toBe('gone');
  });

  it('tells a first connection from one that was lost', () => {
    expect(stageOf(seen({ line: 'connecting', wasLive: false }), 0)).toBe('connecting');
    expect(stageOf(seen({ line: 'waiting' }), 0)).toBe('reconnecting');
    expect(showsPicture('reconnecting')).toBe(true);
  });

  it('has words in both languages for each stage, and for each answer of the visitor’s side', () => {
    for (const { looking } of [nl, en]) {
      for (const outcome of OUTCOMES) expect(looking.outcomes[outcome]).toBeTruthy();
      expect(Object.keys(looking.stageHelp).every((stage) => stage in looking.stages)).toBe(true);
    }
  });

  it('knows what waits and what lives', () => {
    const states = ['invited', 'code', 'asking', 'viewing', 'paused', 'ended'] as const;
    expect(states.filter((state) => isWaiting({ state }))).toEqual(['invited', 'code', 'asking']);
    expect(states.filter((state) => isLive({ state }))).toEqual(['viewing', 'paused']);
    expect([isLive(null), isWaiting(undefined)]).toEqual([false, false]);
  });

  it('says where the visitor went when their page said so, and not before it can know', () => {
    const went = (away: 'site' | 'left' | null) => seen({ look: { state: 'viewing', pausedBy: null, away }, goneSince: 0 });
    expect(stageOf(went('site'), 100)).toBe('away_site');
    expect(stageOf(went('left'), 100)).toBe('away_left');
    expect(stageOf(went(null), 100)).toBe('changing');
    expect(stageOf(went(null), 60_000)).toBe('gone');
    // Whoever paused first is paused, wherever they went.
    expect(stageOf(seen({ look: { state: 'paused', pausedBy: 'visitor', away: 'site' } }), 0)).toBe('paused_visitor');
  });
});

describe('from the pane to the page', () => {
  const together = { x: 0, y: 300, visitorX: 0, visitorY: 300 };
  const apart = { x: 0, y: 900, visitorX: 0, visitorY: 300 };

  it('fits the visitor’s window into the room and never enlarges it', () => {
    expect(fit({ width: 1280, height: 800 }, { width: 640, height: 800 })).toBe(0.5);
    expect(fit({ width: 390, height: 844 }, { width: 2_000, height: 2_000 })).toBe(1);
    expect(fit({ width: 0, height: 0 }, { width: 10, height: 10 })).toBe(1);
  });

  it('points at the same words, also when the agent looks elsewhere', () => {
    expect(toVisitor({ x: 10, y: 20 }, together)).toEqual({ x: 10, y: 20 });
    expect(toVisitor({ x: 10, y: 20 }, apart)).toEqual({ x: 10, y: 620 });
    expect(toCopy(toVisitor({ x: 10, y: 20 }, apart), apart)).toEqual({ x: 10, y: 20 });
  });

  it('puts the label of a frame where the edge of the page does not cut it', () => {
    const page = { width: 1280, height: 800 };
    expect(labelSide({ x: 300, y: 200, width: 100, height: 30 }, page, 1)).toEqual({ below: null, right: false });
    expect(labelSide({ x: 300, y: 0, width: 100, height: 30 }, page, 1)).toEqual({ below: 'below', right: false });
    expect(labelSide({ x: 0, y: 0, width: 1280, height: 800 }, page, 1)).toEqual({ below: 'within', right: false });
    expect(labelSide({ x: 1200, y: 200, width: 80, height: 30 }, page, 1)).toEqual({ below: null, right: true });
    // What is drawn small has less room: the label is as large as ever.
    expect(labelSide({ x: 300, y: 60, width: 100, height: 30 }, page, 0.3).below).toBe('below');
  });

  it('frames what the visitor has in sight, and the part they zoomed in on', () => {
    expect(sight({ width: 400, height: 800 }, { scale: 100, x: 0, y: 0 }, apart)).toEqual({ x: 0, y: -600, width: 400, height: 800 });
    expect(sight({ width: 400, height: 800 }, { scale: 200, x: 50, y: 100 }, together)).toEqual({ x: 50, y: 100, width: 200, height: 400 });
  });

  it('tells a stroke by its distance from a corner', () => {
    expect(offsets([{ x: 12.4, y: 20 }, { x: 5, y: 30.6 }], { x: 10, y: 20 })).toEqual([2, 0, -5, 11]);
    expect(centre({ x: 10, y: 10, width: 4, height: 8 })).toEqual({ x: 12, y: 14 });
    expect([isInside({ x: 0, y: 0 }, { width: 1, height: 1 }), isInside({ x: 2, y: 0 }, { width: 1, height: 1 })]).toEqual([true, false]);
  });
});

describe('a code', () => {
  it('is read as people type it', () => {
    expect(['123456', '123 456', ' 123-456 ', '123.456'].map(codeIn)).toEqual(Array(4).fill('123456'));
    expect(digitsOf('12a3-45678')).toBe('123456');
  });

  it('is not a number of a conversation or a phone', () => {
    expect(['1234', '1234567', '12 34 56', '#123456', '06 12345678', ''].map(codeIn)).toEqual(Array(6).fill(null));
  });
});

it('counts down in minutes and seconds, and stops at nothing', () => {
  expect([600_000, 59_001, 1, 0, -5_000].map((left) => leftText(left, 0))).toEqual(['10:00', '1:00', '0:01', '0:00', '0:00']);
});
