/** Who the contact is, where they are on the site, and what they asked before. */
import { ArrowLeft, X } from 'lucide';
import { useEffect } from 'preact/hooks';
import type { Conversation } from '@balie/protocol';
import { contacts } from '../api/calls';
import { contextFloats, current } from '../look/current';
import { toggleContext } from '../keys/run';
import { presence } from '../model/desk';
import { contactName } from '../model/names';
import { narrow } from '../model/ui';
import { Avatar } from '../parts/Avatar';
import { IconButton } from '../parts/Button';
import { t } from '../text/index';
import { deviceName } from './device';
import { Earlier } from './Earlier';
import { Editable } from './Editable';
import { formText } from './form';
import { LookReport } from './LookReport';
import { Trail } from './Trail';
import { visits, wantVisit } from './visit';

const REST_MS = 150;

export function ContextPane({ row }: { row: Conversation }) {
  const words = t();
  const { contact } = row;
  const visit = visits.value.get(contact.id);
  // Who looks along knows it now; else the page told, where the policy lets it.
  const session = current.value?.session;
  const page = session && session.picture.value !== 'none' ? session.page.value : visit?.state?.viewport;
  const form = visit?.state?.form ?? [];
  const online = presence.value.online.has(contact.id);
  // Stepping past a conversation asks nothing.
  useEffect(() => {
    const timer = setTimeout(() => void wantVisit(contact.id), REST_MS);
    return () => clearTimeout(timer);
  }, [contact.id]);
  const save = (change: Parameters<typeof contacts.change>[1]) => contacts.change(contact.id, change);
  return (
    <aside class="context" aria-label={words.contact.label}>
      <header class="context-head">
        {narrow.value && <IconButton icon={ArrowLeft} size={20} label={words.common.back} onClick={toggleContext} />}
        <h2>{words.contact.title}</h2>
        {contextFloats.value && !narrow.value && <IconButton icon={X} label={words.thread.hideContact} onClick={toggleContext} />}
      </header>
      <div class="context-body">
        <div class="context-who">
          <Avatar id={contact.id} name={contact.name || contact.email} size={40} presence={online ? 'online' : null} />
          <div>
            <p class="context-name" title={contactName(row)}>
              {contactName(row)}
            </p>
            <p class={`context-there${online ? ' is-online' : ''}`}>{online ? words.contact.online : words.contact.offline}</p>
          </div>
        </div>
        <dl class="facts">
          <Editable label={words.contact.name} value={contact.name} onSave={(name) => save({ name })} />
          <Editable label={words.contact.email} value={contact.email} type="email" onSave={(email) => save({ email })} />
          <Editable label={words.contact.phone} value={contact.phone} type="tel" onSave={(phone) => save({ phone })} />
          <div class="fact">
            <dt>{words.contact.language}</dt>
            <dd>{words.languages[contact.language]}</dd>
          </div>
          {visit?.device && (
            <div class="fact">
              <dt>{words.contact.device}</dt>
              <dd title={visit.device}>{deviceName(visit.device)}</dd>
            </div>
          )}
          {page && (
            <div class="fact">
              <dt>{words.looking.contact.viewport}</dt>
              <dd>{words.looking.pane.size(page.width, page.height)}</dd>
            </div>
          )}
          {online && form.length > 0 && (
            <div class="fact is-trouble">
              <dt>{words.looking.contact.form}</dt>
              <dd>{formText(form)}</dd>
            </div>
          )}
        </dl>
        <Trail visit={visit} online={online} />
        <LookReport row={row} />
        <Earlier row={row} />
      </div>
    </aside>
  );
}
