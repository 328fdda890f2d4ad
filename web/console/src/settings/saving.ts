/** The course of one save: busy, done, or why not. */
import { useState } from 'preact/hooks';
import { codeOf, statusOf } from '../api/http';
import { t } from '../text/index';

export interface Saving {
  busy: boolean;
  done: boolean;
  error: string | null;
  run: (work: () => Promise<unknown>, known?: Record<string, string>) => Promise<boolean>;
  reset: () => void;
}

export function useSaving(): Saving {
  const [state, setState] = useState({ busy: false, done: false, error: null as string | null });
  const run: Saving['run'] = async (work, known = {}) => {
    setState({ busy: true, done: false, error: null });
    try {
      await work();
      setState({ busy: false, done: true, error: null });
      return true;
    } catch (error) {
      const words = t().settings;
      setState({ busy: false, done: false, error: known[codeOf(error)] ?? (statusOf(error) === 403 ? words.forbidden : words.failed) });
      return false;
    }
  };
  return { ...state, run, reset: () => setState({ busy: false, done: false, error: null }) };
}
