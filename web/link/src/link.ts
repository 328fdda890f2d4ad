import type { Fact, Hello, ServerFrame } from '@balie/protocol';
import { Connection } from './connection';
import { Marks } from './marks';
import { Outbox } from './outbox';
import { browserPlatform } from './platform';
import type { Link, LinkOptions } from './types';
import { TypingSender } from './typing';
import { uuidv7 } from './uuid';

/** One side's connection to the desk: see `Link` for what it does and `LinkOptions` for what it needs. */
export function createLink(options: LinkOptions): Link {
  const platform = options.platform ?? browserPlatform();
  const { clock } = platform;
  const dev = options.dev ?? uuidv7(clock.now());
  /** The desk's history that our cursor counts in; none asks for a snapshot. */
  let epoch: string | null = null;
  let offered: string | null = null;
  let gapAt: string | null = null;

  const connection = new Connection({
    url: options.url,
    ticket: options.ticket,
    platform,
    onOpen: (resume) => connection.send({ t: 'hello', d: { ...hello(), resume } }),
    onFrame: receive,
    onDown: () => {
      outbox.close();
      typing.forget();
    },
    onStatus: (status) => options.onStatus?.(status),
    onEvent: (event) => {
      if (event === 'visible') outbox.reload();
    },
    eager: () => outbox.waiting(),
  });
  const isLive = (): boolean => connection.status.state === 'live';
  const outbox = new Outbox({
    scope: options.scope,
    storage: options.storage,
    platform,
    seqOf: (conversation) =>
      options.kind === 'visitor' ? (options.cursor()[conversation] ?? 0) : (options.seqOf?.(conversation) ?? 0),
    onChange: (pending) => options.onOutbox?.(pending),
  });
  const marks = new Marks(clock, options.kind === 'visitor' ? 'visitor' : 'desk', (d) => isLive() && connection.send({ t: 'read', d }));
  const typing = new TypingSender(clock, (conversation, on) => {
    if (isLive()) connection.send({ t: 'signal', d: { kind: 'typing', conversation, on } });
  });

  function hello(): Hello {
    if (epoch === null) return { dev };
    return options.kind === 'visitor'
      ? { dev, epoch, streams: options.cursor() }
      : { dev, epoch, position: options.cursor() };
  }

  function receive(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        offered = frame.d.epoch;
        if (frame.d.resumed) live();
        break;
      case 'resync':
        gapAt = null;
        if (epoch !== null && epoch !== offered) marks.clear();
        if (options.kind === 'visitor') {
          if (frame.d.visitor) options.onResync(frame.d.visitor, frame.d.reason);
        } else if (frame.d.agent) options.onResync(frame.d.agent, frame.d.reason);
        outbox.resynced();
        live();
        break;
      case 'fact':
        heard(frame.d);
        break;
      case 'ack':
        outbox.acked(frame.d);
        break;
      case 'refuse':
        if (frame.d.cid !== null) outbox.refused(frame.d.cid, frame.d.code);
        break;
      case 'signal':
        options.onSignal?.(frame.d);
        break;
    }
  }

  function live(): void {
    const before = isLive();
    epoch = offered;
    connection.live();
    if (before) return;
    outbox.open((d) => connection.send({ t: 'send', d }));
    marks.live();
  }

  function heard(fact: Fact): void {
    if (options.onFact(fact) === 'gap') {
      // Ask for what is missing; when that brings the same gap again, start from a snapshot.
      const place = `${fact.stream} ${fact.seq}`;
      if (gapAt === place) epoch = null;
      gapAt = place;
      connection.again();
      return;
    }
    marks.seen(fact);
    if (fact.kind === 'message_added' || fact.kind === 'note_added') outbox.inLog(fact.body.cid);
  }

  return {
    start: () => {
      outbox.start();
      connection.start();
    },
    stop: () => {
      connection.stop('asked');
      outbox.stop();
      marks.stop();
      typing.forget();
    },
    status: () => connection.status,
    outbox: () => outbox.list(),
    send: (message) => {
      typing.forget();
      return outbox.add(message);
    },
    retry: (cid) => outbox.retry(cid),
    dismiss: (cid) => outbox.dismiss(cid),
    read: (conversation, upTo, level) => marks.want(conversation, upTo, level),
    typing: (conversation, on) => typing.set(conversation, on),
    signal: (d) => isLive() && connection.send({ t: 'signal', d }),
  };
}
