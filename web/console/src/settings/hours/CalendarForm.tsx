/** One calendar: its week, holidays and special days, with the coming weeks beside them as they will be. */
import { ArrowLeft, Plus, Trash2 } from 'lucide';
import { useState } from 'preact/hooks';
import type { Calendar, Slot, SpecialDays } from '@balie/protocol';
import { calendars as api, type CalendarFields } from '../../api/calendars';
import { Problem } from '../../api/http';
import { notify } from '../../model/announce';
import { Button, IconButton } from '../../parts/Button';
import { Field } from '../../parts/Field';
import { focusFirst } from '../../parts/focus';
import { t } from '../../text/index';
import { SaveLine } from '../SaveLine';
import { useSaving } from '../saving';
import { COUNTRIES, fieldsOf, flawsOf, newCalendar, newSpecial, nextSlot, replaced, without } from './draft';
import { Preview } from './Preview';
import { Slots } from './Slots';

interface FormProps {
  /** Null: a new one. */
  calendar: Calendar | null;
  onDone: () => void;
}

export function CalendarForm({ calendar, onDone }: FormProps) {
  const words = t().hours;
  const saving = useSaving();
  const [draft, setDraft] = useState<CalendarFields>(() => (calendar ? fieldsOf(calendar) : newCalendar(Intl.DateTimeFormat().resolvedOptions().timeZone, '')));
  const [flaws, setFlaws] = useState<ReadonlyMap<string, string>>(new Map());
  const [tried, setTried] = useState(false);
  const set = (change: Partial<CalendarFields>) => {
    setDraft({ ...draft, ...change });
    setFlaws(new Map());
    saving.reset();
  };
  const flaw = (field: string): string | null => {
    const told = flaws.get(field);
    return told === undefined ? null : (words.flaws[told] ?? told);
  };
  const setDay = (day: number, slots: readonly Slot[]) => set({ week: replaced(draft.week, day, slots) });
  const setSpecial = (at: number, change: Partial<SpecialDays>) =>
    set({ specialDays: draft.specialDays.map((one, index) => (index === at ? { ...one, ...change } : one)) });

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!draft.name.trim()) return;
    const fields = { ...draft, name: draft.name.trim() };
    const known = { calendar_invalid: words.invalid, edited_meanwhile: words.outdated, too_many_calendars: words.tooMany };
    const work = async () => {
      try {
        await (calendar ? api.change(calendar.id, fields) : api.add(fields));
      } catch (error) {
        if (error instanceof Problem) setFlaws(flawsOf(error.errors));
        throw error;
      }
    };
    if (await saving.run(work, known)) onDone();
  };
  return (
    <form class="form form-long hours" noValidate onSubmit={(event) => void submit(event)}>
      <Button kind="quiet" icon={ArrowLeft} onClick={onDone} class="form-back">
        {words.back}
      </Button>
      <Field label={words.name} error={tried && !draft.name.trim() ? words.nameEmpty : null}>
        {(ids) => (
          <input {...ids} type="text" ref={calendar ? null : focusFirst} value={draft.name} maxLength={100} placeholder={words.nameExample} onInput={(event) => set({ name: event.currentTarget.value })} />
        )}
      </Field>

      <section class="settings-part">
        <h4>{words.week}</h4>
        <ul class="hours-days">
          {words.days.map((day, index) => (
            <li key={day}>
              <span class="hours-day">{day}</span>
              <Slots
                day={day}
                slots={draft.week[index] ?? []}
                flaw={(place) => flaw(`/week/${String(index)}/${String(place)}`)}
                onChange={(slots) => setDay(index, slots)}
                onAdd={() => setDay(index, [...(draft.week[index] ?? []), nextSlot(draft.week[index] ?? [])])}
              />
            </li>
          ))}
        </ul>
        {flaw('/week') && (
          <p class="field-error" role="alert">
            {flaw('/week')}
          </p>
        )}
        <Button kind="quiet" class="policy-add" onClick={() => set({ week: draft.week.map((slots, day) => (day < 5 ? (draft.week[0] ?? []) : slots)) })}>
          {words.copyDown}
        </Button>
      </section>

      <section class="settings-part">
        <Field label={words.holidays} help={words.holidaysHelp} error={flaw('/holidays')}>
          {(ids) => (
            <select {...ids} value={draft.holidays} onChange={(event) => set({ holidays: event.currentTarget.value })}>
              <option value="">{words.noHolidays}</option>
              {[...new Set<string>([...COUNTRIES, ...(draft.holidays ? [draft.holidays] : [])])].map((one) => (
                <option key={one} value={one}>
                  {words.countries[one] ?? one}
                </option>
              ))}
            </select>
          )}
        </Field>
      </section>

      <section class="settings-part">
        <h4>{words.special}</h4>
        <p class="field-help">{words.specialHelp}</p>
        {draft.specialDays.length > 0 && (
          <ul class="hours-special">
            {draft.specialDays.map((special, at) => (
              <Special key={at} special={special} flaw={(rest) => flaw(`/specialDays/${String(at)}${rest}`)} onChange={(change) => setSpecial(at, change)} onRemove={() => set({ specialDays: without(draft.specialDays, at) })} />
            ))}
          </ul>
        )}
        <Button icon={Plus} class="policy-add" onClick={() => set({ specialDays: [...draft.specialDays, newSpecial(today())] })}>
          {words.addSpecial}
        </Button>
      </section>

      <section class="settings-part">
        <Field label={words.timeZone} error={flaw('/timeZone')}>
          {(ids) => (
            <select {...ids} value={draft.timeZone} onChange={(event) => set({ timeZone: event.currentTarget.value })}>
              {[...new Set([draft.timeZone, ...Intl.supportedValuesOf('timeZone')])].map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          )}
        </Field>
      </section>

      <Preview fields={draft} />
      <SaveLine saving={saving}>{calendar && <Remove calendar={calendar} onDone={onDone} />}</SaveLine>
    </form>
  );
}

interface SpecialProps {
  special: SpecialDays;
  flaw: (rest: string) => string | null;
  onChange: (change: Partial<SpecialDays>) => void;
  onRemove: () => void;
}

function Special({ special, flaw, onChange, onRemove }: SpecialProps) {
  const words = t().hours;
  const name = special.name || special.first || words.thisDay;
  return (
    <li>
      <div class="hours-dates">
        <input
          type="date"
          aria-label={words.first}
          aria-invalid={flaw('') !== null}
          value={special.first}
          onInput={(event) => {
            const first = event.currentTarget.value;
            onChange({ first, last: special.last < first ? first : special.last });
          }}
        />
        <input type="date" aria-label={words.last} aria-invalid={flaw('') !== null} value={special.last} min={special.first} onInput={(event) => onChange({ last: event.currentTarget.value })} />
        <input type="text" aria-label={words.reason} placeholder={words.reasonExample} maxLength={200} value={special.name} onInput={(event) => onChange({ name: event.currentTarget.value })} />
        <IconButton icon={Trash2} label={words.removeSpecial(name)} onClick={onRemove} />
      </div>
      <Slots day={name} slots={special.slots} flaw={(place) => flaw(`/slots/${String(place)}`)} onChange={(slots) => onChange({ slots })} onAdd={() => onChange({ slots: [...special.slots, nextSlot(special.slots)] })} />
      {flaw('') && <p class="field-error">{flaw('')}</p>}
    </li>
  );
}

function Remove({ calendar, onDone }: { calendar: Calendar; onDone: () => void }) {
  const words = t().hours;
  const [asking, setAsking] = useState(false);
  const removing = useSaving();
  const remove = async () => {
    if (!(await removing.run(() => api.remove(calendar.id), { calendar_in_use: words.inUse }))) return;
    notify(words.removed);
    onDone();
  };
  if (!asking) {
    return (
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {words.remove}
      </Button>
    );
  }
  return (
    <span class="hours-remove" role="group" aria-label={words.removeAsk(calendar.name)}>
      <span>{words.removeAsk(calendar.name)}</span>
      <Button kind="danger" disabled={removing.busy} onClick={() => void remove()}>
        {t().common.remove}
      </Button>
      <Button onClick={() => setAsking(false)}>{t().common.cancel}</Button>
      {removing.error && (
        <span class="form-error" role="alert">
          {removing.error}
        </span>
      )}
    </span>
  );
}

function today(): string {
  const now = new Date();
  return `${String(now.getFullYear())}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}
