/** How a first conversation goes, for whoever has never seen Balie. Gone for good once understood. */
import { hintSeen } from '../model/prefs';
import { helpOpen } from '../model/ui';
import { Button } from '../parts/Button';
import { t } from '../text/index';

export function FirstHint() {
  const words = t().hint;
  return (
    <aside class="hint" aria-label={words.label}>
      <h2>{words.title}</h2>
      <ol>
        {words.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div class="hint-actions">
        <Button onClick={() => (hintSeen.value = true)}>{words.dismiss}</Button>
        <Button kind="quiet" action="help" onClick={() => (helpOpen.value = true)}>
          {words.keys}
        </Button>
      </div>
    </aside>
  );
}
