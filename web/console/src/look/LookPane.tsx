/** The visitor's page on screen: what and whose it is, the picture, and the tools. */
import { CircleDot, CirclePause, ExternalLink, LoaderCircle, Maximize2, Minimize2, MonitorX, OctagonX, ScanEye, WifiOff, X } from 'lucide';
import type { IconNode } from 'lucide';
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { cx, Icon } from '@balie/ui';
import type { Look } from '@balie/protocol';
import { wantVisit } from '../contact/visit';
import { announce } from '../model/announce';
import { me } from '../model/desk';
import { isMe } from '../model/names';
import { focusSoon } from '../model/ui';
import { Avatar } from '../parts/Avatar';
import { Button, IconButton } from '../parts/Button';
import { t } from '../text/index';
import { invite, stop } from './actions';
import { current, focusGlass, lookFull } from './current';
import { toggleFull } from './deeds';
import { endedText } from './ended';
import { Hands } from './hands';
import { closePicture, dismissLook, openPicture } from './looks';
import { partsOf } from './page';
import { RecordState } from './Record';
import { LookSession } from './session';
import { type Stage, showsPicture } from './stage';
import { LookStage } from './LookStage';
import { Splitter } from './Splitter';
import { TroubleNote } from './TroubleNote';
import { Tools } from './Tools';

export function LookPane({ look }: { look: Look }) {
  const held = useMemo(() => signal(look), []);
  const { session, hands } = useMemo(() => {
    const session = new LookSession(held);
    return { session, hands: new Hands(session) };
  }, []);
  useLayoutEffect(() => {
    held.value = look;
  }, [look]);
  useEffect(() => {
    current.value = { session, hands };
    void wantVisit(look.contact);
    // From here on its ending is told where it stood.
    if (look.state !== 'ended') {
      openPicture(look);
      session.start();
    }
    // Who is typing goes on typing.
    if (!document.activeElement?.matches('input, textarea, select')) focusGlass();
    return () => {
      current.value = null;
      if (held.peek().state === 'ended') closePicture(look.id);
      lookFull.value = false;
      hands.stop();
      session.stop();
    };
  }, []);
  const stage = session.stage.value;
  useEffect(() => {
    if (stage === 'ended') session.stop();
    const help = t().looking.stageHelp[stage];
    announce(`${t().looking.stages[stage]}${help ? `. ${help}` : ''}`);
    if ((stage === 'ended' || stage === 'refused') && document.activeElement?.matches('.look-glass')) focusSoon('.look-veil button');
  }, [stage]);
  return (
    <section class={cx('look', lookFull.value && 'is-full')} aria-label={t().looking.pane.label}>
      <Head look={look} session={session} stage={stage} />
      <div class="look-body">
        <LookStage session={session} hands={hands} dimmed={stage !== 'viewing'} shown={showsPicture(stage)} />
        <Veil look={look} stage={stage} />
        {stage === 'viewing' && <TroubleNote session={session} />}
      </div>
      {stage !== 'ended' && stage !== 'refused' && <Tools look={look} session={session} hands={hands} ready={stage === 'viewing'} />}
      {!lookFull.value && <Splitter />}
    </section>
  );
}

function Head({ look, session, stage }: { look: Look; session: LookSession; stage: Stage }) {
  const words = t().looking;
  const leads = look.agent === null || isMe(look.agent);
  const page = session.page.value;
  const { host, path } = partsOf(page.address);
  return (
    <header class="look-head">
      <StageMark stage={stage} />
      {stage !== 'ended' && page.address !== '' && (
        <p class="look-where">
          <strong title={page.title || page.address}>{page.title || host}</strong>
          <span title={page.address}>
            {page.title ? host : ''}
            {path}
          </span>
        </p>
      )}
      <RecordState look={look} />
      <Watchers look={look} />
      <IconButton
        icon={lookFull.value ? Minimize2 : Maximize2}
        label={lookFull.value ? words.pane.unfull : words.pane.full}
        action="lookFull"
        onClick={toggleFull}
        class="look-full"
      />
      {stage === 'ended' || !leads ? (
        <IconButton icon={X} label={words.leave} onClick={() => (stage === 'ended' ? dismissLook(look.id) : closePicture(look.id))} />
      ) : (
        <Button icon={OctagonX} class="look-stop" tip={words.stop} action="lookStop" onClick={() => void stop(look.id)}>
          {words.stop}
        </Button>
      )}
    </header>
  );
}

const SHAPES: Record<Stage, IconNode> = {
  connecting: LoaderCircle,
  loading: LoaderCircle,
  viewing: CircleDot,
  changing: LoaderCircle,
  paused_visitor: CirclePause,
  paused_page: CirclePause,
  never_here: MonitorX,
  gone: MonitorX,
  away_site: ExternalLink,
  away_left: MonitorX,
  reconnecting: WifiOff,
  refused: MonitorX,
  ended: ScanEye,
};

/** A word and a shape. */
function StageMark({ stage }: { stage: Stage }) {
  return (
    <span class={`look-mark is-${stage}`}>
      <Icon icon={SHAPES[stage]} />
      {t().looking.stages[stage]}
    </span>
  );
}

/** Who else looks along, who leads and who controls. */
function Watchers({ look }: { look: Look }) {
  const words = t().looking.pane;
  const others = look.watchers.filter((one) => one.id !== me.value?.id);
  const leads = look.agent !== null && !isMe(look.agent) ? look.agent : null;
  const controls = look.controller !== null && !isMe(look.controller) ? look.controller : null;
  if (others.length === 0 && !leads && !controls) return null;
  const told = [
    others.length > 0 ? words.watchers(others.map((one) => one.name).join(', ')) : '',
    leads ? words.leads(leads.name) : '',
    controls ? words.controls(controls.name) : '',
  ].filter(Boolean);
  return (
    <span class="look-watchers" data-tip={told.join('. ')}>
      {others.slice(0, 4).map((one) => (
        <Avatar key={one.id} id={one.id} name={one.name} size={24} person="agent" />
      ))}
      {others.length > 4 && <span class="look-more">+{others.length - 4}</span>}
      {controls ? <span class="look-leads">{words.controls(controls.name)}</span> : leads && <span class="look-leads">{words.leads(leads.name)}</span>}
      <span class="hidden-text">{told.join('. ')}</span>
    </span>
  );
}

/** What is said where there is no picture, or over one that no longer moves. */
function Veil({ look, stage }: { look: Look; stage: Stage }) {
  const words = t().looking;
  if (stage === 'viewing') return null;
  const help = stage === 'ended' ? endedText(look) : words.stageHelp[stage];
  const over = showsPicture(stage);
  return (
    <div class={cx('look-veil', over && 'is-over', `is-${stage}`)}>
      <div class="look-veil-card">
        <Icon icon={SHAPES[stage]} size={20} class={stage === 'connecting' || stage === 'loading' || stage === 'changing' ? 'turns' : ''} />
        <h2>{words.stages[stage]}</h2>
        {help && <p>{help}</p>}
        {(stage === 'ended' || stage === 'refused') && (
          <div class="look-veil-actions">
            {stage === 'ended' && look.conversation && (
              <Button kind="primary" onClick={() => look.conversation && void invite(look.conversation)}>
                {words.pane.again}
              </Button>
            )}
            <Button onClick={() => dismissLook(look.id)}>{words.pane.close}</Button>
          </div>
        )}
      </div>
    </div>
  );
}
