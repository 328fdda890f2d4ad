/** Keys as caps: "G then M", "Ctrl K". */
import { t } from '../text/index';
import { caps, keyOf, type ActionId } from '../keys/table';

export const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

export function Caps({ combo }: { combo: string }) {
  const pair = combo.includes(' ');
  return (
    <span class="caps">
      {caps(combo, MAC).map((cap, index) => (
        <>
          {index > 0 && pair && <span class="caps-then">{t().help.then}</span>}
          <kbd>{cap}</kbd>
        </>
      ))}
    </span>
  );
}

/** The first key of an action, or nothing. */
export function ActionKey({ action }: { action: ActionId }) {
  const combo = keyOf(action)?.combos[0];
  return combo ? <Caps combo={combo} /> : null;
}
