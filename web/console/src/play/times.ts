/** Places in a recording, as figures and as words. */
import { t } from '../text/index';

/** "1:05", "1:02:09". Pure. */
export function timeText(ms: number): string {
  const all = Math.floor(Math.max(0, ms) / 1_000);
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, String(all % 60).padStart(2, '0')];
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** As a screen reader says it. */
export function timeSpoken(ms: number): string {
  const words = t().playing.spoken;
  const all = Math.floor(Math.max(0, ms) / 1_000);
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60];
  return [hours > 0 && words.hours(hours), minutes > 0 && words.minutes(minutes), (seconds > 0 || all === 0) && words.seconds(seconds)].filter(Boolean).join(' ');
}
