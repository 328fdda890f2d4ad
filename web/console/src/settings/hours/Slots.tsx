/** The slots of one day: times side by side, or the word that it is closed. */
import { Plus, X } from 'lucide';
import { useState } from 'preact/hooks';
import type { Slot } from '@balie/protocol';
import { IconButton } from '../../parts/Button';
import { t } from '../../text/index';
import { replaced, timeOf, without } from './draft';

interface SlotsProps {
  day: string;
  slots: readonly Slot[];
  flaw: (place: number) => string | null;
  onChange: (slots: Slot[]) => void;
  onAdd: () => void;
}

export function Slots({ day, slots, flaw, onChange, onAdd }: SlotsProps) {
  const words = t().hours;
  return (
    <div class="hours-slots">
      {slots.length === 0 && <span class="quiet">{words.closed}</span>}
      {slots.map((slot, place) => {
        const wrong = flaw(place);
        const set = (change: Partial<Slot>) => onChange(replaced(slots, place, { ...slot, ...change }));
        return (
          <span key={place} class="hours-slot">
            <Time label={words.from(day)} wrong={wrong !== null} edge="start" time={slot.start} onChange={(start) => set({ start })} />
            <span aria-hidden="true">{words.to}</span>
            <Time label={words.until(day)} wrong={wrong !== null} edge="end" time={slot.end} onChange={(end) => set({ end })} />
            <IconButton icon={X} label={words.removeSlot(day, `${slot.start}–${slot.end}`)} onClick={() => onChange(without(slots, place))} />
            {wrong && <span class="field-error">{wrong}</span>}
          </span>
        );
      })}
      <IconButton icon={Plus} label={words.addSlot(day)} onClick={onAdd} />
    </div>
  );
}

interface TimeProps {
  label: string;
  wrong: boolean;
  edge: 'start' | 'end';
  time: string;
  onChange: (time: string) => void;
}

/** No field of type time: that one speaks the browser's language, not the screen's, and knows no 24:00. */
function Time({ label, wrong, edge, time, onChange }: TimeProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="text"
      inputMode="numeric"
      autocomplete="off"
      maxLength={5}
      aria-label={label}
      aria-invalid={wrong}
      value={typed ?? time}
      onInput={(event) => {
        setTyped(event.currentTarget.value);
        onChange(timeOf(event.currentTarget.value, edge));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
