/** Which of a browser's tabs tells its page, when the visitor agreed in several: the one that they last turned to. */

export interface LeadChannel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export class Lead {
  mine = false;
  private readonly channel: LeadChannel | null;
  private readonly changed: (mine: boolean) => void;

  constructor(channel: LeadChannel | null, changed: (mine: boolean) => void) {
    this.channel = channel;
    this.changed = changed;
    if (channel) channel.onmessage = ({ data }) => data === 'lead' && this.become(false);
  }

  /** This tab has the visitor's attention: all others fall silent. */
  take(): void {
    if (this.mine) return;
    this.channel?.postMessage('lead');
    this.become(true);
  }

  /** Another tab told the desk first. */
  lose(): void {
    this.become(false);
  }

  close(): void {
    this.channel?.close();
    this.mine = false;
  }

  private become(mine: boolean): void {
    if (mine === this.mine) return;
    this.mine = mine;
    this.changed(mine);
  }
}
