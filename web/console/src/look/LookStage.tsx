/** The copy of the page at its own size, scaled to the pane, under a glass that takes the agent's mouse and keys. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { cx } from '@balie/ui';
import { deviceName } from '../contact/device';
import { visits } from '../contact/visit';
import { announce } from '../model/announce';
import { t } from '../text/index';
import { fit, isInside, type Point, type Size } from './geometry';
import { FillIn } from './FillIn';
import { Glass } from './Glass';
import { type Hands, nameOf } from './hands';
import type { LookSession } from './session';
import { useRoom } from './room';

interface StageProps {
  session: LookSession;
  hands: Hands;
  dimmed: boolean;
  shown: boolean;
}

export function LookStage({ session, hands, dimmed, shown }: StageProps) {
  const words = t().looking.pane;
  const room = useRef<HTMLDivElement>(null);
  const size = useRoom(room);
  const { width, height, quirks } = session.page.value;
  const scale = fit({ width, height }, size);
  const device = visits.value.get(session.look.value.contact)?.device;
  const ready = session.assets.value !== null;
  return (
    <div class="look-room" ref={room}>
      <div class={cx('look-page', dimmed && 'is-dimmed', !shown && 'no-picture')} style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
        {ready && <Copy key={String(quirks)} session={session} width={width} height={height} scale={scale} quirks={quirks} />}
        <Surface session={session} hands={hands} scale={scale} page={{ width, height }} shown={shown} />
        <FillIn hands={hands} scale={scale} page={{ width, height }} />
      </div>
      {shown && (
        <p class="look-scale">
          {words.size(width, height)} {scale < 0.995 && words.scaled(Math.round(scale * 100))}
          {device && ` · ${deviceName(device)}`}
        </p>
      )}
    </div>
  );
}

/** The window of an opaque origin. Keys and clicks never reach it: the glass lies over it. */
function Copy({ session, width, height, scale, quirks }: { session: LookSession; width: number; height: number; scale: number; quirks: boolean }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    if (frame.current) session.attach(frame.current, quirks ? '/mirror/viewer-quirks.html' : '/mirror/viewer.html');
    return () => session.detach();
  }, []);
  return (
    <iframe
      ref={frame}
      class="look-copy"
      tabIndex={-1}
      title={t().looking.pane.label}
      // The frame's own style sheet never applies: the page in it is the visitor's.
      style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }}
    />
  );
}

/** Letters that keep their meaning while the agent acts on the page; any other was meant for a field, not for closing the conversation. */
const LOOK_KEYS = new Set(['p', 'h', 'd', 'c', 'v', 'f', 's', 'l', '?']);
const PAGE_KEYS: Record<string, number> = { PageDown: 0.85, PageUp: -0.85 };

interface SurfaceProps {
  session: LookSession;
  hands: Hands;
  scale: number;
  page: Size;
  shown: boolean;
}

function Surface({ session, hands, scale, page, shown }: SurfaceProps) {
  const stroke = useRef<ReturnType<Hands['draw']> | null>(null);
  const hovering = useRef(false);
  const pressing = useRef(false);
  const [hover, setHover] = useState<{ x: number; y: number; width: number; height: number } | null>(null);
  const tool = hands.tool.value;
  const over = session.stage.value === 'ended' || session.stage.value === 'refused';
  useEffect(() => setHover(null), [tool, session.copies.value]);

  const at = (event: MouseEvent): Point => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale };
  };
  const look = (point: Point) => {
    const { copy } = session;
    if (hovering.current || !copy) return;
    hovering.current = true;
    void copy
      .probe(point.x, point.y, tool === 'act')
      .then((found) => setHover(found?.place ?? null))
      .finally(() => (hovering.current = false));
  };
  const step = async (by: 1 | -1) => {
    const from = hands.target.peek()?.id ?? 0;
    const found = await session.copy?.step(from, by, tool === 'act');
    if (!found) return;
    if (session.following.peek()) session.follow(false);
    hands.target.value = found;
    announce(`${nameOf(found)}, ${t().looking.kinds[found.kind]}`);
    if (tool === 'point') hands.use(found);
  };
  const scroll = (dx: number, dy: number, point: Point) => {
    // Whoever scrolls the copy looks around by themselves.
    if (session.following.peek()) session.follow(false);
    setHover(null);
    session.copy?.wheel(point.x, point.y, dx, dy);
  };
  return (
    <div
      class={`look-glass tool-${tool}`}
      role="application"
      // Of a look that is over nothing is left to walk along.
      tabIndex={over ? -1 : 0}
      aria-label={t().looking.pane.stage}
      onPointerMove={(event) => {
        const point = at(event);
        if (!isInside(point, page)) return;
        if (stroke.current) stroke.current.more(point);
        else if (tool === 'point') hands.point(point);
        else if (tool === 'mark' || tool === 'act') look(point);
      }}
      onPointerDown={(event) => {
        event.currentTarget.focus({ preventScroll: true });
        if (tool !== 'draw' || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        stroke.current = hands.draw(at(event));
      }}
      onPointerUp={() => {
        stroke.current?.end();
        stroke.current = null;
      }}
      onPointerCancel={() => {
        stroke.current?.end();
        stroke.current = null;
      }}
      onPointerLeave={() => {
        hands.pointAway();
        setHover(null);
      }}
      onClick={(event) => {
        if (tool !== 'mark' && tool !== 'act') return;
        const point = at(event);
        const { copy } = session;
        if (!copy) return;
        pressing.current = true;
        void copy
          .probe(point.x, point.y, tool === 'act')
          .then((found) => found && hands.use(found))
          .finally(() => (pressing.current = false));
      }}
      onWheel={(event) => {
        event.preventDefault();
        scroll(event.deltaX, event.deltaY, at(event));
      }}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const { key } = event;
        const target = hands.target.peek();
        if (key === 'ArrowDown' || key === 'ArrowRight') void step(1);
        else if (key === 'ArrowUp' || key === 'ArrowLeft') void step(-1);
        else if (key in PAGE_KEYS) scroll(0, (PAGE_KEYS[key] ?? 0) * page.height, { x: page.width / 2, y: page.height / 2 });
        else if ((key === 'Enter' || key === ' ') && target) hands.use(target);
        else if (key.length !== 1 || (!pressing.current && (tool !== 'act' || LOOK_KEYS.has(key.toLowerCase())))) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onBlur={() => hands.pointAway()}
    >
      {shown && <Glass session={session} hands={hands} scale={scale} hover={hover} />}
    </div>
  );
}
