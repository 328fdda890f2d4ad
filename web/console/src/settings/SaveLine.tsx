/** The button that saves, and what came of it. */
import { Check } from 'lucide';
import type { ComponentChildren } from 'preact';
import { Icon } from '@balie/ui';
import { Button } from '../parts/Button';
import { t } from '../text/index';
import type { Saving } from './saving';

interface SaveLineProps {
  saving: Saving;
  label?: string;
  doneLabel?: string;
  kind?: 'primary' | 'plain';
  children?: ComponentChildren;
}

export function SaveLine({ saving, label, doneLabel, kind = 'primary', children }: SaveLineProps) {
  const words = t().common;
  return (
    <div class="save-line">
      <Button kind={kind} type="submit" disabled={saving.busy}>
        {saving.busy ? words.saving : (label ?? words.save)}
      </Button>
      {children}
      <span role="status" class="save-told">
        {saving.done && (
          <>
            <Icon icon={Check} /> {doneLabel ?? words.saved}
          </>
        )}
      </span>
      {saving.error && (
        <p class="form-error" role="alert">
          {saving.error}
        </p>
      )}
    </div>
  );
}
