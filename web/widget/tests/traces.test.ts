import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetTraces, keepOpen, readTrace, visitLasts, wasOpen, worthResuming, writeTrace } from '../src/shared/traces';

const HALF_HOUR = 30 * 60_000;

function memory(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

describe('what a page finds of an earlier visit', () => {
  beforeEach(() => {
    vi.stubGlobal('localStorage', memory());
    vi.stubGlobal('sessionStorage', memory());
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is nothing on a first visit, so nothing connects', () => {
    expect(worthResuming(readTrace('key'), 0)).toBe(false);
  });

  it('is what was written', () => {
    writeTrace('key', { visit: 'v', at: 1_000, talk: true });
    expect(readTrace('key')).toEqual({ visit: 'v', at: 1_000, talk: true });
  });

  it('connects a running visit, and a finished one only while a talk is open', () => {
    const quiet = { visit: 'v', at: 1_000, talk: false };
    expect(worthResuming(quiet, 1_000 + HALF_HOUR - 1)).toBe(true);
    expect(worthResuming(quiet, 1_000 + HALF_HOUR)).toBe(false);
    expect(worthResuming({ ...quiet, talk: true }, 1_000 + 10 * HALF_HOUR)).toBe(true);
  });

  it('ends a visit whose clock was set back by more than a visit', () => {
    expect(visitLasts({ visit: 'v', at: 5 * HALF_HOUR, talk: false }, 0)).toBe(false);
  });

  it('takes garbage for nothing', () => {
    localStorage.setItem('balie:key', '{"visit":1}');
    expect(readTrace('key')).toBeNull();
  });

  it('forgets all of it', () => {
    writeTrace('key', { visit: 'v', at: 1, talk: true });
    keepOpen('key', true);
    forgetTraces('key');
    expect([readTrace('key'), wasOpen('key')]).toEqual([null, false]);
  });

  it('keeps nothing and breaks nothing where storage is forbidden', () => {
    const forbidden = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    vi.stubGlobal('localStorage', { getItem: forbidden, setItem: forbidden, removeItem: forbidden });
    writeTrace('key', { visit: 'v', at: 1, talk: true });
    expect(readTrace('key')).toBeNull();
  });
});
