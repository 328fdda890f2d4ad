/** This tab's mirror, from the visitor's yes to the end: loaded when needed, and how it fares. */

import type { Answer } from '@balie/cobrowse/recorder';
import type { Look } from '@balie/protocol';
import type { Departure, LineState, LookShell, MirrorHandle, Over, PageState } from '../shared/look-bridge';
import type { Desk } from './desk';

export interface TellingEars {
  layer: HTMLElement;
  agentName(): string;
  grants(): { scroll: boolean; act: boolean };
  look(look: Look): void;
  proposed(agent: string, page: URL): Promise<Answer>;
  /** The line or the page changed: see `line` and `page`. */
  changed(): void;
  over(why: Over): void;
}

export class Telling {
  line: LineState = 'connecting';
  page: PageState = 'viewing';
  /** Sites that the look may go on at. */
  sisters: readonly string[] = [];
  private readonly shell: LookShell;
  private readonly desk: Desk;
  private readonly ears: TellingEars;
  private mirror: MirrorHandle | null = null;
  /** Counts starts, so that a mirror that comes late does not start a look that is over. */
  private turn = 0;
  private paused = false;

  constructor(shell: LookShell, desk: Desk, ears: TellingEars) {
    this.shell = shell;
    this.desk = desk;
    this.ears = ears;
  }

  get running(): boolean {
    return this.turn > 0;
  }

  start(look: string): void {
    if (this.running) return;
    const turn = (started += 1);
    this.turn = turn;
    this.line = 'connecting';
    this.page = 'viewing';
    this.shell.loadMirror().then(
      ({ mount }) => {
        if (this.turn !== turn) return;
        const { ears, shell, desk } = this;
        this.mirror = mount({
          url: `${shell.options.desk.replace(/^http/, 'ws')}v1/socket/mirror`,
          layer: ears.layer,
          ticket: async () => {
            const ticket = await desk.ticket(look, shell.tab);
            this.sisters = ticket.sisters;
            return ticket;
          },
          agentName: () => ears.agentName(),
          grants: () => ears.grants(),
          onLook: (it) => ears.look(it),
          onLine: (state) => {
            this.line = state;
            ears.changed();
          },
          onPage: (state) => {
            this.page = state;
            ears.changed();
          },
          onAction: (action) => desk.used(look, action),
          onProposed: (agent, page) => ears.proposed(agent, page),
          onOver: (why) => ears.over(why),
        });
        this.mirror.pause(this.paused);
      },
      () => {
        if (this.turn === turn) this.ears.over('recorder_failed');
      },
    );
  }

  /** The visitor's own pause: counts at once. */
  pause(paused: boolean): void {
    this.paused = paused;
    this.mirror?.pause(paused);
  }

  /** The page's last word. */
  leave(why: Departure): void {
    if (this.line === 'up') this.mirror?.leave(why);
  }

  stop(): void {
    const { mirror } = this;
    this.turn = 0;
    this.mirror = null;
    this.line = 'connecting';
    this.page = 'viewing';
    mirror?.stop();
  }
}

let started = 0;
