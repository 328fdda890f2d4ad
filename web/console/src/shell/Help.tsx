/** `?`: every key, from the one table. */
import { KEYS, type Group } from '../keys/table';
import { hintSeen, letterKeys } from '../model/prefs';
import { helpOpen } from '../model/ui';
import { Button } from '../parts/Button';
import { Switch } from '../parts/Choice';
import { Dialog } from '../parts/Dialog';
import { Caps } from '../parts/Keys';
import { t } from '../text/index';

const GROUPS: readonly Group[] = ['move', 'conversation', 'look', 'write', 'app'];

export function Help() {
  const words = t();
  return (
    <Dialog title={words.help.title} onClose={() => (helpOpen.value = false)} class="dialog-help">
      <div class="help-body">
        <div class="help-letters">
          <Switch label={words.help.letters} help={words.help.lead} on={letterKeys.value} onChange={(on) => (letterKeys.value = on)} />
        </div>
        <div class="help-groups">
          {GROUPS.map((group) => (
            <section key={group}>
              <h3>{words.help.groups[group]}</h3>
              <dl>
                {KEYS.filter((key) => key.group === group && key.combos.length > 0).map((key) => (
                  <div key={key.action} class="help-line">
                    <dt>{words.act[key.action]}</dt>
                    <dd>
                      {key.combos.map((combo, index) => (
                        <>
                          {index > 0 && <span class="caps-then">{words.help.or}</span>}
                          <Caps combo={combo} />
                        </>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        {hintSeen.value && (
          <Button
            kind="quiet"
            onClick={() => {
              hintSeen.value = false;
              helpOpen.value = false;
            }}
          >
            {words.help.start}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
