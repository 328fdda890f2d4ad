/** Words for screen readers and short notices on screen. */
import { signal } from '@preact/signals';

/** The newest announcement; a counter makes repeats count. */
export const announced = signal<{ text: string; id: number }>({ text: '', id: 0 });

export function announce(text: string): void {
  announced.value = { text, id: announced.peek().id + 1 };
}

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action: { label: string; run: () => void } | null;
}

export const toast = signal<Toast | null>(null);

const SHOWN_MS = 6_000;
let timer = 0;

/** Show one notice; a newer one takes its place. Its action stays reachable as long as it is shown. */
export function notify(text: string, action: Toast['action'] = null, tone: Toast['tone'] = 'plain'): void {
  const id = (toast.peek()?.id ?? 0) + 1;
  toast.value = { id, text, tone, action };
  announce(text);
  clearTimeout(timer);
  timer = window.setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  if (toast.peek()?.id === id) toast.value = null;
}

/** While the pointer or focus rests on the notice it stays. */
export function holdToast(): void {
  clearTimeout(timer);
}

export function releaseToast(): void {
  const id = toast.peek()?.id;
  clearTimeout(timer);
  if (id !== undefined) timer = window.setTimeout(() => dismiss(id), SHOWN_MS);
}
