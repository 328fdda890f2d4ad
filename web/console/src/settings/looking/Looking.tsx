/** What agents may see of a site, per inbox: the form, its versions, and a test on one of one's own pages. */
import { ScanEye } from 'lucide';
import { useState } from 'preact/hooks';
import { lookingPolicies as api } from '../../api/looks';
import { state } from '../../model/desk';
import { Button } from '../../parts/Button';
import { Empty } from '../../parts/Empty';
import { Field } from '../../parts/Field';
import { t } from '../../text/index';
import { useFetched } from '../webhooks/fetched';
import { Audit } from './Audit';
import { PolicyForm } from './PolicyForm';

export function Looking() {
  const words = t().policy;
  const inboxes = state.value?.inboxes ?? [];
  const [chosen, setChosen] = useState(inboxes[0]?.id ?? '');
  const inbox = inboxes.find((one) => one.id === chosen);
  return (
    <>
      <p class="quiet policy-lead">{words.lead}</p>
      {inboxes.length > 1 && (
        <div class="form policy-inbox">
          <Field label={words.inbox}>
            {(ids) => (
              <select {...ids} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
                {inboxes.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      {inbox ? (
        <>
          <Loaded key={inbox.id} inbox={inbox.id} />
          <Audit inbox={inbox.id} />
        </>
      ) : (
        <Empty icon={ScanEye} title={words.noInbox} text={words.noInboxText} />
      )}
    </>
  );
}

function Loaded({ inbox }: { inbox: string }) {
  const { value, failed, again } = useFetched(() => api.read(inbox), [inbox]);
  if (failed) {
    return (
      <Empty icon={ScanEye} title={t().policy.loadFailed} text={t().settings.failed}>
        <Button onClick={again}>{t().common.retry}</Button>
      </Empty>
    );
  }
  return value && <PolicyForm key={value.version} inbox={inbox} held={value} onChanged={again} />;
}
