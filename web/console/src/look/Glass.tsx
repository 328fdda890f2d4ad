/** What is drawn over the copy: the visitor's pointer and focus, and what the agent points out. Places are the copy's pixels. */
import { MousePointer2 } from 'lucide';
import { cx, Icon } from '@balie/ui';
import type { Place } from '@balie/cobrowse/applier';
import { t } from '../text/index';
import { labelSide, type LabelSide, sight, toCopy } from './geometry';
import { type Hands, nameOf } from './hands';
import type { LookSession } from './session';

interface GlassProps {
  session: LookSession;
  hands: Hands;
  scale: number;
  hover: Place | null;
}

export function Glass({ session, hands, scale, hover }: GlassProps) {
  const places = session.places.value;
  const target = hands.target.value;
  const marked = hands.marked.value;
  const focused = places.get(session.focused.value);
  const faulty = places.get(session.faulty.value);
  const shown = (it: typeof target): Place | null => (it ? (places.get(it.id) ?? null) : null);
  const targetPlace = target && target.id !== marked?.id ? shown(target) : null;
  const markedPlace = shown(marked);
  return (
    <div class="glass" aria-hidden="true">
      <Sight session={session} scale={scale} />
      {focused && <Box place={focused} scale={scale} kind="focus" />}
      {faulty && <Box place={faulty} scale={scale} kind="faulty" />}
      {hover && <Box place={hover} scale={scale} kind="hover" />}
      {targetPlace && <Box place={targetPlace} scale={scale} kind="target" />}
      {markedPlace && <Box place={markedPlace} scale={scale} kind="marked" label={nameOf(marked)} side={labelSide(markedPlace, session.page.value, scale)} />}
      <svg class="glass-strokes">
        {hands.strokes.value.map((stroke) => (
          <polyline key={stroke.n} class={cx(stroke.fades && 'is-fading')} points={stroke.points.map(({ x, y }) => `${x * scale},${y * scale}`).join(' ')} />
        ))}
      </svg>
      <VisitorPointer session={session} scale={scale} />
    </div>
  );
}

interface BoxProps {
  place: Place;
  scale: number;
  kind: string;
  label?: string;
  side?: LabelSide;
}

function Box({ place, scale, kind, label, side }: BoxProps) {
  const { x, y, width, height } = place;
  return (
    <div class={cx('glass-box', `is-${kind}`, side?.below && `label-${side.below}`, side?.right && 'label-right')} style={{ transform: `translate(${x * scale}px, ${y * scale}px)`, width: `${width * scale}px`, height: `${height * scale}px` }}>
      {label && <span>{label}</span>}
    </div>
  );
}

/** Where the visitor is, when that is not all of what the agent sees. */
export function Sight({ session, scale }: { session: Pick<LookSession, 'page' | 'view' | 'following'>; scale: number }) {
  const { width, height, zoom } = session.page.value;
  const view = session.view.value;
  const together = session.following.value || (view.x === view.visitorX && view.y === view.visitorY);
  if (together && zoom.scale <= 101) return null;
  const place = sight({ width, height }, zoom, view);
  return (
    <div
      class="glass-sight"
      style={{ transform: `translate(${place.x * scale}px, ${place.y * scale}px)`, width: `${place.width * scale}px`, height: `${place.height * scale}px` }}
    >
      <span>{t().looking.pane.sight}</span>
    </div>
  );
}

export function VisitorPointer({ session, scale }: { session: Pick<LookSession, 'pointer' | 'view'>; scale: number }) {
  const pointer = session.pointer.value;
  if (!pointer) return null;
  const { x, y } = toCopy(pointer, session.view.value);
  const style = { transform: `translate(${x * scale}px, ${y * scale}px)` };
  if (pointer.touch) return <span key={pointer.n} class="glass-tap" style={style} />;
  return (
    <span class="glass-pointer" style={style}>
      <Icon icon={MousePointer2} size={20} />
      <span>{t().looking.pane.visitor}</span>
    </span>
  );
}
