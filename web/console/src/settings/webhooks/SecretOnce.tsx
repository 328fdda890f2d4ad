/** A secret, shown this once. */
import { KeyRound } from 'lucide';
import { useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import { Button } from '../../parts/Button';
import { t } from '../../text/index';
import { focusFirst } from '../../parts/focus';

export function SecretOnce({ secret, rotated, onDone }: { secret: string; rotated: boolean; onDone: () => void }) {
  const words = t().webhooks.secret;
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <div class="secret">
      <span class="empty-icon">
        <Icon icon={KeyRound} size={20} />
      </span>
      <h4 tabIndex={-1} ref={focusFirst}>
        {words.title}
      </h4>
      <p>{words.text}</p>
      {rotated && <p>{words.rotated}</p>}
      <div class="snippet-code">
        <code tabIndex={0} aria-label={words.label} class="secret-code">
          {secret}
        </code>
        <Button kind={copied ? 'plain' : 'primary'} onClick={() => void copy()}>
          {copied ? t().common.copied : words.copy}
        </Button>
      </div>
      <Button kind={copied ? 'primary' : 'plain'} onClick={onDone}>
        {words.done}
      </Button>
    </div>
  );
}
