/** Bringing the visitor to another page of their site: they are asked, and may stay where they are. */
import { Signpost } from 'lucide';
import { useEffect, useRef, useState } from 'preact/hooks';
import { LONGEST_ADDRESS } from '@balie/cobrowse';
import { Icon } from '@balie/ui';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Field } from '../parts/Field';
import { t } from '../text/index';
import type { Hands } from './hands';
import type { LookSession } from './session';

interface ProposeProps {
  session: LookSession;
  hands: Hands;
  ready: boolean;
}

export function ProposeButton({ session, hands, ready }: ProposeProps) {
  const words = t().looking.propose;
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <button type="button" class="tool tool-propose" disabled={!ready} data-tip={words.tip} onClick={() => setOpen(true)}>
        <Icon icon={Signpost} />
        <span>{words.button}</span>
      </button>
      {open && <ProposeDialog site={siteOf(session.page.peek().address)} hands={hands} onClose={close} />}
    </>
  );
}

function ProposeDialog({ site, hands, onClose }: { site: string; hands: Hands; onClose: () => void }) {
  const words = t().looking.propose;
  const [address, setAddress] = useState(site);
  const field = useRef<HTMLInputElement>(null);
  // The dialog gives the focus to its title first.
  useEffect(() => field.current?.focus(), []);
  return (
    <Dialog title={words.button} onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (address.trim() === '') return;
          hands.propose(address.trim());
          onClose();
        }}
      >
        <Field label={words.label} help={words.help}>
          {(ids) => <input {...ids} ref={field} type="text" inputMode="url" autocomplete="off" spellcheck={false} maxLength={LONGEST_ADDRESS} value={address} onInput={(event) => setAddress(event.currentTarget.value)} />}
        </Field>
        <div class="save-line">
          <Button kind="primary" type="submit">
            {words.submit}
          </Button>
          <Button onClick={onClose}>{t().common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

const siteOf = (address: string): string => (URL.canParse(address) ? `${new URL(address).origin}/` : '/');
