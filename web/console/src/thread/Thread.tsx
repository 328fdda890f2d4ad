/** One conversation: who and what to do, the log, and the reply box. */
import type { Conversation } from '@balie/protocol';
import { type Log as Lines, pendingOf, visibleLog } from '@balie/state';
import { useMemo } from 'preact/hooks';
import { Composer } from '../compose/Composer';
import { LookStrip } from '../look/LookStrip';
import { outbox } from '../model/desk';
import { Head } from './Head';
import { Log } from './Log';
import { Skeleton } from './Skeleton';

export function Thread({ row, log }: { row: Conversation; log: Lines }) {
  const pending = outbox.value;
  const rows = useMemo(
    () => visibleLog({ log: log.facts, side: 'desk', theirs: row.visitorMark }, pendingOf(pending, row.id)),
    [log.facts, row.visitorMark, pending, row.id],
  );
  return (
    <>
      <Head row={row} />
      <LookStrip row={row} />
      {log.loading && log.facts.length === 0 ? <Skeleton /> : <Log row={row} rows={rows} more={log.more} />}
      <Composer row={row} />
    </>
  );
}
