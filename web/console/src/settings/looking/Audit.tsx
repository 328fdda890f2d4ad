/** What an auditor asks of a period: a file that the browser itself fetches, however long it is. */
import { Download } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { looks } from '../../api/looks';
import { now } from '../../model/now';
import { Field } from '../../parts/Field';
import { t } from '../../text/index';
import { dayText, periodOf } from './period';

export function Audit({ inbox }: { inbox: string }) {
  const words = t().playing.audit;
  const today = new Date(now.peek());
  const [from, setFrom] = useState(dayText(new Date(today.getFullYear(), today.getMonth(), 1)));
  const [to, setTo] = useState(dayText(today));
  const period = periodOf(from, to);
  return (
    <section class="form settings-part policy-audit">
      <h4>{words.period}</h4>
      <p class="field-help">{words.periodHelp}</p>
      <div class="form-two">
        <Field label={words.from}>{(ids) => <input {...ids} type="date" value={from} max={to} onInput={(event) => setFrom(event.currentTarget.value)} />}</Field>
        <Field label={words.to} error={period ? null : words.order}>
          {(ids) => <input {...ids} type="date" value={to} min={from} onInput={(event) => setTo(event.currentTarget.value)} />}
        </Field>
      </div>
      {period && (
        <a class="button policy-add" href={looks.auditOfInbox(inbox, period)} download={`looks-${from}-${to}.jsonl`}>
          <Icon icon={Download} />
          <span class="button-text">{words.download}</span>
        </a>
      )}
    </section>
  );
}
