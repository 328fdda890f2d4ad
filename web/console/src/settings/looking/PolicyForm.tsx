/** The policy of one inbox. A key that hides is the rule; each that shows is a choice. */
import { ArrowDown, ArrowUp, FlaskConical, Plus, Trash2 } from 'lucide';
import { useId, useMemo, useState } from 'preact/hooks';
import { type PageMode, PAGE_MODES, parsePolicy, type Policy, STANDARD } from '@balie/cobrowse';
import type { LookingPolicy } from '@balie/protocol';
import { lookingPolicies as api, type Profile } from '../../api/looks';
import { codeOf, Problem } from '../../api/http';
import { Button, IconButton } from '../../parts/Button';
import { Choice, Switch } from '../../parts/Choice';
import { Field } from '../../parts/Field';
import { t } from '../../text/index';
import { SaveLine } from '../SaveLine';
import { useSaving } from '../saving';
import { daysOf, deskKeysOf, draftOf, flawsByField, type PageRule, partsOfPolicy, type PolicyDraft, policyOf, SELECTOR_KEYS, SWITCH_KEYS, unreadable } from './draft';
import { flawText } from './flaws';
import { Tester } from './Tester';
import { Versions } from './Versions';

const PROFILES: readonly Profile[] = ['open', 'normal', 'regulated'];

interface FormProps {
  inbox: string;
  held: LookingPolicy;
  onChanged: () => void;
}

export function PolicyForm({ inbox, held, onChanged }: FormProps) {
  const words = t().policy;
  const saving = useSaving();
  const [draft, setDraft] = useState<PolicyDraft>(() => read(held));
  const [flaws, setFlaws] = useState<ReturnType<typeof flawsByField>>(new Map());
  const [testing, setTesting] = useState(false);
  const [outdated, setOutdated] = useState(false);
  const set = (change: Partial<PolicyDraft>) => {
    setDraft({ ...draft, ...change });
    saving.reset();
  };
  const reads = useMemo(selectorReader, []);
  const errorOf = (field: string): string | null => {
    const flaw = flaws.get(field);
    return flaw ? flawText(flaw.detail, flaw.line) : null;
  };
  const regulated = draft.profile === 'regulated';

  const submit = async (event: Event) => {
    event.preventDefault();
    const own = new Map<string, { detail: string; line: number | null }>();
    for (const key of SELECTOR_KEYS) {
      const line = unreadable(draft.selectors[key], reads);
      if (line !== null) own.set(key, { detail: 'is no selector', line });
    }
    draft.pages.forEach(({ url }, index) => {
      if (!url.trim()) own.set(`pages.${index}`, { detail: 'needs text', line: null });
    });
    if (draft.desk.recording && daysOf(draft.desk.recordingDays) === null) own.set('recordingDays', { detail: 'must be a whole number from 1', line: null });
    setFlaws(own);
    if (own.size > 0) return focusFlaw();
    const saved = await saving.run(
      async () => {
        try {
          await api.write(inbox, { version: held.version, profile: draft.profile, policy: { ...policyOf(draft), ...deskKeysOf(draft.desk) } });
        } catch (error) {
          if (error instanceof Problem) setFlaws(flawsByField(error.errors));
          setOutdated(codeOf(error) === 'edited_meanwhile');
          focusFlaw();
          throw error;
        }
      },
      { policy_invalid: words.invalid, edited_meanwhile: words.outdated },
    );
    if (saved) onChanged();
  };
  return (
    <form class="form form-long policy" noValidate onSubmit={(event) => void submit(event)}>
      <Choice label={words.profile} value={draft.profile} options={PROFILES.map((one) => ({ value: one, label: words.profiles[one] }))} onChange={(profile) => set(inProfile(draft, profile))} />
      <p class="field-help policy-profile">{words.profileHelp[draft.profile]}</p>

      <Pages draft={draft} set={set} errorOf={errorOf} regulated={regulated} />

      <section class="settings-part">
        <h4>{words.shown}</h4>
        <Switch label={words.text} help={words.textHelp} on={draft.text === 'show'} onChange={(on) => set({ text: on ? 'show' : 'mask' })} />
        {SWITCH_KEYS.map((key) => (
          <Switch key={key} label={words.switches[key]} help={words.switchHelp[key]} on={draft[key]} onChange={(on) => set({ [key]: on })} />
        ))}
      </section>

      <section class="settings-part">
        <h4>{words.parts}</h4>
        <p class="field-help">{words.partsHelp}</p>
        {SELECTOR_KEYS.filter((key) => !(regulated && (key === 'show' || key === 'canvas')) || draft.selectors[key] !== '').map((key) => (
          <Field key={key} label={words.lists[key]} help={words.listHelp[key]} error={errorOf(key)}>
            {(ids) => (
              <textarea
                {...ids}
                class="policy-lines"
                rows={Math.min(8, Math.max(2, draft.selectors[key].split('\n').length))}
                spellcheck={false}
                value={draft.selectors[key]}
                placeholder={words.listExample[key]}
                onInput={(event) => set({ selectors: { ...draft.selectors, [key]: event.currentTarget.value } })}
              />
            )}
          </Field>
        ))}
        <p class="field-help policy-always">{words.always}</p>
      </section>

      <section class="settings-part">
        <h4>{words.more.title}</h4>
        <Switch label={words.more.hints} help={words.more.hintsHelp} on={draft.desk.hints} onChange={(hints) => set({ desk: { ...draft.desk, hints } })} />
        <Field label={words.more.sisters} help={words.more.sistersHelp} error={errorOf('sisters')}>
          {(ids) => (
            <textarea
              {...ids}
              class="policy-lines"
              rows={Math.min(8, Math.max(2, draft.desk.sisters.split('\n').length))}
              spellcheck={false}
              value={draft.desk.sisters}
              placeholder="https://mijn.example.nl"
              onInput={(event) => set({ desk: { ...draft.desk, sisters: event.currentTarget.value } })}
            />
          )}
        </Field>
      </section>

      {!regulated && <Recording draft={draft} set={set} error={errorOf('recordingDays')} />}

      <SaveLine saving={saving} label={words.save}>
        <Button icon={FlaskConical} onClick={() => setTesting(true)}>
          {words.tester.open}
        </Button>
        {outdated && (
          <Button kind="quiet" onClick={onChanged}>
            {words.reload}
          </Button>
        )}
      </SaveLine>
      <Versions inbox={inbox} held={held} onTake={(version) => set(read(version))} />
      {testing && <Tester inbox={inbox} policy={policyOf(draft)} onClose={() => setTesting(false)} />}
    </form>
  );
}

interface RecordingProps {
  draft: PolicyDraft;
  set: (change: Partial<PolicyDraft>) => void;
  error: string | null;
}

/** Recording is asked of the visitor apart, each time; here stands whether an agent may ask. */
function Recording({ draft, set, error }: RecordingProps) {
  const words = t().policy.recording;
  const { desk } = draft;
  return (
    <section class="settings-part">
      <h4>{words.title}</h4>
      <Switch label={words.ask} help={words.askHelp} on={desk.recording} onChange={(recording) => set({ desk: { ...desk, recording } })} />
      {desk.recording && (
        <Field label={words.days} help={words.daysHelp} error={error}>
          {(ids) => (
            <input
              {...ids}
              class="policy-days"
              type="text"
              inputMode="numeric"
              maxLength={3}
              value={desk.recordingDays}
              onInput={(event) => set({ desk: { ...desk, recordingDays: event.currentTarget.value } })}
            />
          )}
        </Field>
      )}
    </section>
  );
}

interface PagesProps {
  draft: PolicyDraft;
  set: (change: Partial<PolicyDraft>) => void;
  errorOf: (field: string) => string | null;
  regulated: boolean;
}

/** The first rule that fits decides: their order is theirs to choose. */
function Pages({ draft, set, errorOf, regulated }: PagesProps) {
  const words = t().policy;
  const id = useId();
  const { pages } = draft;
  const change = (at: number, next: Partial<PageRule>) => set({ pages: pages.map((one, index) => (index === at ? { ...one, ...next } : one)) });
  const swap = (at: number, to: number) => {
    const next = [...pages];
    const [moved] = next.splice(at, 1);
    if (moved) next.splice(to, 0, moved);
    set({ pages: next });
  };
  const add = () => set({ pages: [...pages, { key: Math.max(0, ...pages.map(({ key }) => key)) + 1, url: '', mode: 'pause' }] });
  const elsewhere = errorOf('elsewhere');
  return (
    <section class="settings-part">
      <h4>{words.pages}</h4>
      <p class="field-help">{words.pagesHelp}</p>
      {pages.length > 0 && (
        <ol class="policy-pages">
          {pages.map((rule, index) => {
            const error = errorOf(`pages.${index}`);
            return (
              <li key={rule.key}>
                <input
                  type="text"
                  aria-label={words.pageUrl(index + 1)}
                  aria-invalid={error !== null}
                  aria-describedby={error ? `${id}-${index}` : undefined}
                  placeholder="/mijn/betalen/**"
                  spellcheck={false}
                  maxLength={500}
                  value={rule.url}
                  onInput={(event) => change(index, { url: event.currentTarget.value })}
                />
                <Mode label={words.pageMode(index + 1)} value={rule.mode} regulated={regulated} onChange={(mode) => change(index, { mode })} />
                <span class="policy-moves">
                  <IconButton icon={ArrowUp} label={words.up} disabled={index === 0} onClick={() => swap(index, index - 1)} />
                  <IconButton icon={ArrowDown} label={words.down} disabled={index === pages.length - 1} onClick={() => swap(index, index + 1)} />
                  <IconButton icon={Trash2} label={t().common.remove} onClick={() => set({ pages: pages.filter((_, at) => at !== index) })} />
                </span>
                {error && (
                  <p class="field-error" id={`${id}-${index}`}>
                    {error}
                  </p>
                )}
              </li>
            );
          })}
        </ol>
      )}
      <Button icon={Plus} class="policy-add" onClick={add}>
        {words.addPage}
      </Button>
      <div class="policy-else">
        <span id={`${id}-else`}>{pages.length > 0 ? words.elsewhere : words.everywhere}</span>
        <Mode labelledBy={`${id}-else`} value={draft.elsewhere} regulated={regulated} onChange={(mode) => set({ elsewhere: mode })} />
      </div>
      {elsewhere && <p class="field-error">{elsewhere}</p>}
    </section>
  );
}

interface ModeProps {
  label?: string;
  labelledBy?: string;
  value: PageMode;
  regulated: boolean;
  onChange: (mode: PageMode) => void;
}

function Mode({ label, labelledBy, value, regulated, onChange }: ModeProps) {
  const words = t().policy;
  return (
    <select aria-label={label} aria-labelledby={labelledBy} value={value} onChange={(event) => onChange(event.currentTarget.value as PageMode)}>
      {PAGE_MODES.filter((mode) => mode === value || !(regulated && mode === 'view')).map((mode) => (
        <option key={mode} value={mode}>
          {words.modes[mode]}
        </option>
      ))}
    </select>
  );
}

/** The regulated profile shows nothing of fields: what would break that is set right at once, in sight. */
function inProfile(draft: PolicyDraft, profile: Profile): PolicyDraft {
  if (profile !== 'regulated') return { ...draft, profile };
  const strict = (mode: PageMode): PageMode => (mode === 'view' ? 'view-without-fields' : mode);
  return {
    ...draft,
    profile,
    elsewhere: strict(draft.elsewhere),
    pages: draft.pages.map((rule) => ({ ...rule, mode: strict(rule.mode) })),
    selectors: { ...draft.selectors, show: '', canvas: '' },
    desk: { ...draft.desk, recording: false },
  };
}

function read({ profile, policy }: LookingPolicy): PolicyDraft {
  const { page, desk } = partsOfPolicy(policy);
  return draftOf(profile, readPolicy(page), desk);
}

/** A stored policy is right; should it be newer than this console, its strictest reading is shown. */
function readPolicy(value: Record<string, unknown>): Policy {
  try {
    return parsePolicy(value);
  } catch {
    return { ...STANDARD, text: 'mask' };
  }
}

function selectorReader(): (selector: string) => boolean {
  const nothing = document.createDocumentFragment();
  return (selector) => {
    try {
      nothing.querySelector(selector);
      return true;
    } catch {
      return false;
    }
  };
}

function focusFlaw(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.policy [aria-invalid="true"]')?.focus());
}
