/**
 * The redaction tester: a page of one's own opens in a window of its own, and here stands exactly what an agent would see of it under the
 * policy as it is being edited. Nothing leaves this browser, and nothing is saved.
 */
import { ExternalLink, MonitorX } from 'lucide';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '@balie/ui';
import type { Policy } from '@balie/cobrowse';
import { fit } from '../../look/geometry';
import { state } from '../../model/desk';
import { Button } from '../../parts/Button';
import { Dialog } from '../../parts/Dialog';
import { Field } from '../../parts/Field';
import { t } from '../../text/index';
import { testable, type TestState, TestedPage } from './tested';

interface TesterProps {
  inbox: string;
  policy: Policy;
  onClose: () => void;
}

export function Tester({ inbox, policy, onClose }: TesterProps) {
  const words = t().policy.tester;
  const origins = state.value?.inboxes.find((one) => one.id === inbox)?.allowedOrigins ?? [];
  const [address, setAddress] = useState(firstPage(origins));
  const [page, setPage] = useState<TestedPage | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => () => page?.close(), [page]);
  const open = () => {
    const why = testable(address, origins, location.origin);
    setError(why && words.errors[why]);
    if (why) return;
    const window = globalThis.open(address, 'balie-tester', 'popup,width=1100,height=800');
    if (!window) return setError(words.errors.blocked);
    page?.close();
    try {
      setPage(new TestedPage(window, policy));
    } catch {
      // A rule without an address, for one: the form says which.
      window.close();
      setPage(null);
      setError(words.states.bad_policy);
    }
  };
  return (
    <Dialog title={words.title} onClose={onClose} class="dialog-tester">
      <div class="tester-bar">
        <Field label={words.address} error={error}>
          {(ids) => (
            <div class="with-button">
              <input
                {...ids}
                type="url"
                spellcheck={false}
                value={address}
                onInput={(event) => setAddress(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter') return;
                  // The policy's form lies around this dialog.
                  event.preventDefault();
                  open();
                }}
              />
              <Button kind="primary" icon={ExternalLink} onClick={open}>
                {words.go}
              </Button>
            </div>
          )}
        </Field>
        <p class="field-help">{words.lead}</p>
      </div>
      <div class="tester-view">{page ? <Copy key={page.n} page={page} /> : <p class="tester-none">{words.none}</p>}</div>
    </Dialog>
  );
}

function Copy({ page }: { page: TestedPage }) {
  const words = t().policy.tester;
  const room = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [shown, setShown] = useState<TestState>({ state: 'loading', width: 1100, height: 800, address: '' });
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = room.current;
    if (!element) return;
    const look = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  useEffect(() => {
    if (frame.current) void page.show(frame.current, setShown);
  }, []);
  const scale = fit(shown, size);
  const told = words.states[shown.state];
  return (
    <>
      <p class="tester-told" role="status">
        {told}
        {shown.address !== '' && <span>{shown.address.replace(/^https?:\/\//, '')}</span>}
      </p>
      <div class="tester-room" ref={room}>
        <div class={`look-page${shown.state === 'shown' ? '' : ' no-picture'}`} style={{ width: `${shown.width * scale}px`, height: `${shown.height * scale}px` }}>
          <iframe
            ref={frame}
            class="look-copy"
            title={words.copy}
            tabIndex={-1}
            style={{ width: `${shown.width}px`, height: `${shown.height}px`, transform: `scale(${scale})` }}
          />
        </div>
        {shown.state !== 'shown' && shown.state !== 'loading' && (
          <p class="tester-none">
            <Icon icon={MonitorX} size={20} />
            {told}
          </p>
        )}
      </div>
    </>
  );
}

/** The demo site when it stands here; else the first site of the inbox. */
function firstPage(origins: readonly string[]): string {
  return origins.includes(location.origin) || origins.length === 0 ? `${location.origin}/demo/` : (origins[0] ?? '');
}
