/** Two soft notes for a new message. Off until the visitor turns it on. */

const key = (inbox: string) => `balie:${inbox}:sound`;

export function wantsSound(inbox: string): boolean {
  try {
    return localStorage.getItem(key(inbox)) === 'on';
  } catch {
    return false;
  }
}

export function keepSound(inbox: string, on: boolean): void {
  try {
    if (on) localStorage.setItem(key(inbox), 'on');
    else localStorage.removeItem(key(inbox));
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
}

let context: AudioContext | undefined;

export function chime(): void {
  context ??= new AudioContext();
  const { currentTime: now, destination } = context;
  for (const [pitch, start] of [
    [660, 0],
    [880, 0.12],
  ] as const) {
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0, now + start);
    volume.gain.linearRampToValueAtTime(0.08, now + start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + start + 0.3);
    note.connect(volume).connect(destination);
    note.start(now + start);
    note.stop(now + start + 0.32);
  }
}
