/** Esc, and Esc again: stops from wherever the focus is. */

const TWICE_MS = 600;

export function onEscapeTwice(signal: AbortSignal, twice: () => void): void {
  let before = -Infinity;
  window.addEventListener(
    'keydown',
    ({ key, isTrusted, repeat, timeStamp }) => {
      if (key !== 'Escape' || !isTrusted || repeat) return;
      const again = timeStamp - before < TWICE_MS;
      before = again ? -Infinity : timeStamp;
      if (again) twice();
    },
    { capture: true, signal },
  );
}
