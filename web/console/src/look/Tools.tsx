/** The bar under the picture: tools, following, and what the visitor allows. */
import { CircleAlert, CircleCheck, Crosshair, Eye, Footprints, Hand, Highlighter, MousePointer2, MousePointerClick, Pencil, ScrollText } from 'lucide';
import type { IconNode } from 'lucide';
import { cx, Icon } from '@balie/ui';
import type { Look } from '@balie/protocol';
import type { ActionId } from '../keys/table';
import { isMe } from '../model/names';
import { Button } from '../parts/Button';
import { t } from '../text/index';
import { askControl, giveBack } from './actions';
import { useSeconds } from './clock';
import { chooseTool, toggleFollow } from './deeds';
import { type Hands, nameOf, type Tool, TOOLS } from './hands';
import { leftText } from './left';
import { ProposeButton } from './Propose';
import { RecordButton } from './Record';
import type { LookSession } from './session';

const ICONS: Record<Tool, IconNode> = { watch: Eye, point: MousePointer2, mark: Highlighter, draw: Pencil, act: MousePointerClick };
const ACTIONS: Partial<Record<Tool, ActionId>> = { point: 'toolPoint', mark: 'toolMark', draw: 'toolDraw', act: 'toolAct' };

interface ToolsProps {
  look: Look;
  session: LookSession;
  hands: Hands;
  /** The picture moves: what is pointed out arrives. */
  ready: boolean;
}

export function Tools({ look, session, hands, ready }: ToolsProps) {
  const words = t().looking;
  const may = hands.may.value;
  const following = session.following.value;
  return (
    <footer class="look-foot">
      <Result hands={hands} look={look} />
      <div class="look-tools">
        <div class="tool-set" role="toolbar" aria-label={words.tools.label}>
          {TOOLS.filter((tool) => tool !== 'act' || may.act !== null).map((tool) => (
            <button
              key={tool}
              type="button"
              class="tool"
              aria-pressed={hands.tool.value === tool}
              disabled={!ready && tool !== 'watch'}
              data-tip={words.toolTips[tool]}
              data-action={ACTIONS[tool]}
              onClick={() => chooseTool(tool)}
            >
              <Icon icon={ICONS[tool]} />
              <span>{words.tools[tool]}</span>
            </button>
          ))}
        </div>
        <button type="button" class="tool tool-follow" aria-pressed={following} data-tip={words.pane.followTip} data-action="lookFollow" onClick={toggleFollow}>
          <Icon icon={Footprints} />
          <span>{words.pane.follow}</span>
        </button>
        <ProposeButton session={session} hands={hands} ready={ready} />
        <RecordButton look={look} ready={ready} />
        <Control look={look} hands={hands} ready={ready} />
      </div>
    </footer>
  );
}

/** Asked, granted, or still to ask. */
function Control({ look, hands, ready }: { look: Look; hands: Hands; ready: boolean }) {
  const words = t().looking.control;
  const may = hands.may.value;
  const asked = look.asked && isMe(look.asked.agent) ? look.asked : null;
  const granted = may.act ?? may.scroll;
  const at = useSeconds(asked !== null || granted !== null);
  const taken = (look.controller !== null && !isMe(look.controller)) || (look.asked !== null && !asked);
  if (asked) {
    return (
      <p class="look-grant is-asked">
        <Icon icon={Hand} />
        {words.asked[asked.kind]}
        <span class="look-left">{leftText(asked.until, at)}</span>
      </p>
    );
  }
  return (
    <div class="look-control">
      {granted !== null && granted > at ? (
        <>
          <p class="look-grant is-granted">
            <Icon icon={CircleCheck} />
            {words.granted[may.act !== null ? 'act' : 'scroll']}
            <span class="look-left">{leftText(granted, at)}</span>
          </p>
          {may.act === null && (
            <Button disabled={!ready} tip={words.askTip.act} onClick={() => void askControl(look.id, 'act')}>
              {words.ask.act}
            </Button>
          )}
          <Button kind="quiet" onClick={() => void giveBack(look.id)}>
            {words.giveBack}
          </Button>
        </>
      ) : (
        <>
          <Button icon={ScrollText} disabled={!ready || taken} tip={words.askTip.scroll} class="ask-scroll" onClick={() => void askControl(look.id, 'scroll')}>
            {words.ask.scroll}
          </Button>
          <Button icon={MousePointerClick} disabled={!ready || taken} tip={words.askTip.act} class="ask-act" onClick={() => void askControl(look.id, 'act')}>
            {words.ask.act}
          </Button>
        </>
      )}
    </div>
  );
}

/** What is marked and what can be done with it; else how the last act went. */
function Result({ hands, look }: { hands: Hands; look: Look }) {
  const words = t().looking;
  const marked = hands.marked.value;
  const told = hands.told.value;
  if (!marked && !told) return null;
  return (
    <div class="look-result">
      {told && (
        <p key={told.n} class={cx('look-told', `is-${told.state}`)}>
          {told.state !== 'waiting' && <Icon icon={told.state === 'done' ? CircleCheck : CircleAlert} />}
          <span>{told.text}</span>
        </p>
      )}
      {marked && (
        <p class="look-marked">
          <Icon icon={Crosshair} />
          <span>{words.marked(nameOf(marked))}</span>
          <button
            type="button"
            class="link-button"
            onClick={() => (hands.may.peek().scroll !== null ? hands.bring(marked) : void askControl(look.id, 'scroll'))}
          >
            {hands.may.value.scroll !== null ? words.bring : words.control.ask.scroll}
          </button>
          <button type="button" class="link-button" onClick={() => hands.mark(null)}>
            {words.clear}
          </button>
        </p>
      )}
    </div>
  );
}
