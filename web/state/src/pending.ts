/** A message of this device that is not in the log yet. The outbox of `link` keeps them. */
export interface Pending {
  readonly cid: string;
  /** None for a visitor's first message: the server finds or opens the conversation. */
  readonly conversation: string | null;
  readonly text: string;
  readonly note: boolean;
  /** The sender's clock, in milliseconds. */
  readonly at: number;
  /**
   * `queued` until acked, `sent` from the ack until its fact arrives, `refused` by the server for good,
   * `stale` when it waited more than 24 hours and is not resent without asking.
   */
  readonly state: 'queued' | 'sent' | 'refused' | 'stale';
  /** Why it was refused. */
  readonly code: string | null;
}
