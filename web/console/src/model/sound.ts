/** A short, soft tone for new work, made on the spot: two sines a fifth apart. */
let context: AudioContext | null = null;
let lastAt = 0;

const AT_MOST_EVERY_MS = 2_000;

/** Browsers let a page sound only after the person did something: get ready at the first press. */
export function readySound(): void {
  const wake = () => {
    context ??= new AudioContext();
    void context.resume();
  };
  addEventListener('pointerdown', wake, { once: true, capture: true });
  addEventListener('keydown', wake, { once: true, capture: true });
}

export function chime(at = Date.now()): void {
  if (!context || context.state !== 'running' || at - lastAt < AT_MOST_EVERY_MS) return;
  lastAt = at;
  note(context, 659.26, 0, 0.09);
  note(context, 987.77, 0.11, 0.07);
}

function note(audio: AudioContext, hertz: number, after: number, loud: number): void {
  const start = audio.currentTime + after;
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.type = 'sine';
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loud, start + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.45);
  tone.connect(gain).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.5);
}
