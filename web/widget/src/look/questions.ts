/** What this tab asks the visitor at the moment: one question at a time, each gone when it no longer holds. */

import type { Answer } from '@balie/cobrowse/recorder';
import type { Asked, Language, Look, LookRecording } from '@balie/protocol';
import type { ControlKind, LookShell } from '../shared/look-bridge';
import type { Attention } from './attention';
import { openCode, type CodeBox } from './code';
import { isRefused, type Desk, type Offered } from './desk';
import { askConsent, askControl, askRecording, askVisit, type Question } from './dialogs';
import type { Say } from './texts';

const ASK_MS = 60_000;
/** For control, for being recorded, and for a page to go to. */
const CONTROL_MS = 30_000;

export interface QuestionEars {
  say(): Say;
  /** A moment of the desk on this browser's clock, at most `mostMs` away. */
  local(at: number | null, mostMs: number): number;
  nameOf(look: Look): string;
  /** Something opened, closed or went by unanswered. */
  changed(): void;
  /** The desk has to be asked how things are. */
  unsure(): void;
  offered(offer: Offered): void;
  /** The visitor put the code away. */
  cancelled(): void;
}

export class Questions {
  /** Looks whose question went by unanswered in this tab. */
  readonly missed = new Set<string>();
  private readonly shell: LookShell;
  private readonly desk: Desk;
  private readonly ears: QuestionEars;
  private consent: { id: string; question: Question } | null = null;
  private control: { kind: ControlKind; question: Question } | null = null;
  private recording: Question | null = null;
  private visit: { show(): void; over(answer: Answer): void } | null = null;
  private code: CodeBox | null = null;

  constructor(shell: LookShell, desk: Desk, ears: QuestionEars) {
    this.shell = shell;
    this.desk = desk;
    this.ears = ears;
  }

  get asksConsent(): boolean {
    return this.consent !== null;
  }

  /** Takes away what no longer fits the desk's state. */
  fit(look: Look | null): void {
    const asks = look && (look.state === 'invited' || look.state === 'asking' || look.state === 'viewing' || look.state === 'paused');
    if (this.consent && (!asks || look.id !== this.consent.id)) this.closeConsent();
    if (this.code && look?.state !== 'code') this.closeCode();
  }

  /** May they look along? `yes` is called on each try; the question stays until it is closed. */
  ask(look: Look, yes: () => Promise<void>, no: () => void): void {
    if (this.consent?.id === look.id) return;
    this.close();
    this.missed.delete(look.id);
    const { ears, shell } = this;
    const accept = () => {
      yes().catch((error: unknown) => {
        if (isRefused(error)) {
          this.closeConsent();
          ears.unsure();
        } else this.consent?.question.failed(ears.say()('failed'));
      });
    };
    const question = askConsent(shell.root, shell.deskName(), {
      say: ears.say(),
      name: ears.nameOf(look),
      until: ears.local(look.state === 'asking' ? look.expiresAt : null, ASK_MS),
      answered: (agreed) => {
        if (agreed) return accept();
        this.closeConsent();
        this.missed.add(look.id);
        no();
      },
      over: () => {
        this.consent = null;
        this.missed.add(look.id);
        ears.changed();
      },
    });
    this.consent = { id: look.id, question };
    ears.changed();
  }

  closeConsent(): void {
    this.consent?.question.close();
    this.consent = null;
  }

  /** What an agent who looks along may ask: one thing at a time, and nothing unless `open`. */
  askMore(look: Look, open: boolean, language: Language): void {
    if (!open) this.visit?.over('not_viewing');
    this.askControl(look, open ? look.asked : null);
    this.askRecording(look, open && look.recording?.state === 'asked' ? look.recording : null, language);
  }

  closeMore(): void {
    this.visit?.over('not_viewing');
    this.closeControl();
    this.closeRecording();
  }

  /** May they scroll, or click and fill in? Null when nobody asks. */
  private askControl(look: Look, asked: Asked | null): void {
    if (this.control && this.control.kind !== asked?.kind) this.closeControl();
    if (!asked || this.control || this.recording || this.visit) return;
    const { kind } = asked;
    const { ears, desk } = this;
    const question = askControl(this.shell.root, kind, {
      say: ears.say(),
      name: asked.agent.name || ears.say()('someone'),
      until: ears.local(asked.until, CONTROL_MS),
      answered: (granted) => {
        this.closeControl();
        desk.control(look.id, kind, granted).catch(() => undefined).finally(() => ears.unsure());
      },
      over: () => {
        this.control = null;
        ears.unsure();
      },
    });
    this.control = { kind, question };
  }

  /** May they record it? Null when nobody asks. */
  private askRecording(look: Look, asked: LookRecording | null, language: Language): void {
    if (!asked) return this.closeRecording();
    if (this.recording || this.control || this.visit) return;
    const { ears, desk, shell } = this;
    this.recording = askRecording(shell.root, shell.deskName(), asked.days, {
      say: ears.say(),
      name: asked.agent.name || ears.say()('someone'),
      until: ears.local(asked.until, CONTROL_MS),
      answered: (granted) => {
        this.closeRecording();
        desk.recording(look.id, granted, language).catch(() => undefined).finally(() => ears.unsure());
      },
      over: () => {
        this.recording = null;
        ears.unsure();
      },
    });
  }

  /** To this page? In the middle of a word the question waits; who types all the while is not asked. */
  askVisit(name: string, page: URL, attention: Attention): Promise<Answer> {
    if (this.visit || this.control || this.recording || this.consent || this.code) return Promise.resolve('asked_already');
    const { ears, shell } = this;
    const until = Date.now() + CONTROL_MS;
    return new Promise((answer) => {
      let question: Question | null = null;
      const over = (it: Answer) => {
        clearTimeout(timer);
        question?.close();
        this.visit = null;
        answer(it);
        ears.unsure();
      };
      // The question has a clock of its own.
      const timer = setTimeout(() => question || over('visitor_busy'), CONTROL_MS);
      const show = () => {
        if (question) return;
        if (attention.busy()) return attention.wait();
        question = askVisit(shell.root, page, {
          say: ears.say(),
          name: name || ears.say()('someone'),
          until,
          answered: (yes) => over(yes ? 'done' : 'declined'),
          over: () => over('unanswered'),
        });
      };
      this.visit = { show, over };
      show();
    });
  }

  /** The visitor has done typing. Whether a question waited for that. */
  freed(): boolean {
    this.visit?.show();
    return this.visit !== null;
  }

  private closeRecording(): void {
    this.recording?.close();
    this.recording = null;
  }

  private closeControl(): void {
    this.control?.question.close();
    this.control = null;
  }

  /** A code to tell an agent; the box is there before the code is. */
  async offer(): Promise<void> {
    const box = this.codeBox();
    try {
      const offered = await this.desk.offer();
      if (this.code === box) this.ears.offered(offered);
      else void this.desk.end(offered.look.id, 'visitor');
    } catch (error) {
      box.failed(this.ears.say()(isRefused(error) && error.status === 409 ? 'codeLive' : 'failed'));
    }
  }

  showCode(code: string, until: number): void {
    this.codeBox().show(code, until);
  }

  closeCode(): void {
    this.code?.close();
    this.code = null;
  }

  close(): void {
    this.closeConsent();
    this.closeMore();
    this.closeCode();
  }

  private codeBox(): CodeBox {
    const { shell, ears } = this;
    this.code ??= openCode(shell.root, {
      say: ears.say(),
      language: shell.options.language,
      again: () => void this.offer(),
      cancel: () => {
        this.closeCode();
        ears.cancelled();
      },
    });
    return this.code;
  }
}
