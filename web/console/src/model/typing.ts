/** Who typed and fell silent is dropped when their time is over. */
import { effect } from '@preact/signals';
import { typingEnds } from '@balie/state';
import { typing } from './desk';

export function keepTyping(): void {
  let timer = 0;
  effect(() => {
    clearTimeout(timer);
    const at = Date.now();
    const ends = typingEnds(typing.value, at);
    if (ends !== null) timer = window.setTimeout(() => (typing.value = typing.peek().filter((one) => one.until > Date.now())), ends - at + 20);
  });
}
