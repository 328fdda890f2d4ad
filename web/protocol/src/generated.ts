/**
 * The wire between browser and desk. Written by bin/protocol from the Python types; do not edit.
 * @packageDocumentation
 */

// Limits and close codes

export const TEXT_LIMIT = 8000;
export const FRAME_LIMIT = 65536;
export const LOG_PAGE = 200;
export const CLOSE_RESTART = 1012;
export const CLOSE_TRY_AGAIN = 1013;
export const CLOSE_BAD_FRAME = 4400;
export const CLOSE_NOT_SIGNED_IN = 4401;
export const CLOSE_NO_RIGHT = 4403;
export const CLOSE_TOO_SLOW = 4408;
export const CLOSE_TAKEN_OVER = 4409;
export const CLOSE_TOO_MANY = 4429;

/** The prefix of an id says what it names. */
export const ID_PREFIXES = {
  org: 'organisation',
  inb: 'inbox',
  agt: 'agent',
  tea: 'team',
  con: 'contact',
  vis: 'visitor',
  cnv: 'conversation',
  rpl: 'canned reply',
  ses: 'socket session',
  dlv: 'delivery',
  whk: 'webhook endpoint',
  lok: 'look',
  cal: 'calendar',
} as const;

// Nouns, snapshots and fact bodies

export type ActorKind = 'contact' | 'agent' | 'bot' | 'system';
export type Role = 'admin' | 'supervisor' | 'agent';
export type Language = 'nl' | 'en';
export type Side = 'visitor' | 'desk';
export type ConversationStatus = 'open' | 'closed';
export type AgentStatus = 'online' | 'away';
export type AwayReason = '' | 'wrap_up' | 'break' | 'meeting' | 'training' | 'other';
export type FormError = 'required' | 'pattern' | 'type' | 'range' | 'length' | 'message';

/** Answer to hello. `resumed`: the missing facts follow; otherwise a `resync` follows. */
export interface Welcome {
  session: string;
  epoch: string;
  at: number;
  resumed: boolean;
}

/** Whether a desk is open, and `until` when that stays so (UTC ms); none when no change is in sight. */
export interface Hours {
  open: boolean;
  until: number | null;
}

/** Whether somebody is there for the visitor; `away` also outside `hours`. No hours: always open. */
export interface Desk {
  status: AgentStatus;
  name: string;
  hours: Hours | null;
}

/** Who did it. `name` is the public name at that moment. */
export interface Actor {
  kind: ActorKind;
  id: string;
  name: string;
}

/**
 * One fact as readers get it; stream and seq together are its identity. `seq` counts its stream from 1 without gaps;
 * `pos` orders all streams and is for agents only (0 for visitors).
 */
export interface FactHead {
  pos: number;
  stream: string;
  seq: number;
  at: number;
  actor: Actor;
}

/** A conversation as its visitor sees it. */
export interface VisitorConversation {
  id: string;
  seq: number;
  status: ConversationStatus;
  assignee: Actor | null;
  visitorMarkRead: number;
  deskMarkDelivered: number;
  deskMarkRead: number;
  unread: number;
  log: readonly Fact[];
  more: boolean;
}

/** `conversations` oldest first; at most one is open. */
export interface VisitorSnapshot {
  desk: Desk;
  conversations: readonly VisitorConversation[];
}

export interface Organisation {
  id: string;
  name: string;
}

/** The signed-in agent. */
export interface Me {
  id: string;
  name: string;
  email: string;
  role: Role;
  language: Language;
  organisation: Organisation;
}

/** An agent as colleagues see them; `status` is the agent's own choice, and so is why they are away. */
export interface Agent {
  id: string;
  name: string;
  kind: 'bot' | 'person';
  role: Role;
  active: boolean;
  status: AgentStatus;
  teams: readonly string[];
  awayReason: AwayReason;
}

export interface Team {
  id: string;
  name: string;
}

/** `key` is the public key that a site's script tag names. `calendar`: when it is open; none: always. */
export interface Inbox {
  id: string;
  name: string;
  kind: 'web';
  key: string;
  team: string | null;
  language: Language;
  allowedOrigins: readonly string[];
  calendar: string | null;
}

/** A person. Name and e-mail are claims unless verified (verification is a later slice). */
export interface Contact {
  id: string;
  name: string;
  email: string;
  phone: string;
  language: Language;
}

/** The last message in a list row; `text` at most 140 characters, on one line. */
export interface Preview {
  kind: 'message' | 'note';
  actor: Actor;
  text: string;
}

/** How far one side has come in a conversation, as seq numbers. */
export interface Mark {
  delivered: number;
  read: number;
}

/** A conversation without its log: one row of a list. */
export interface Conversation {
  id: string;
  seq: number;
  number: number;
  inbox: string;
  contact: Contact;
  status: ConversationStatus;
  assignee: Actor | null;
  language: Language;
  openedAt: number;
  closedAt: number | null;
  lastAt: number;
  last: Preview | null;
  /** When the visitor's oldest unanswered message came; none while nobody waits. */
  waitingSince: number | null;
  visitorMark: Mark;
  deskMark: Mark;
  visitorUnread: number;
  deskUnread: number;
}

/** What an agent was typing in a conversation; the author's alone. */
export interface Draft {
  conversation: string;
  kind: 'message' | 'note';
  text: string;
  at: number;
}

/** Everything a console starts with: all open conversations the agent may read and the last closed ones. */
export interface AgentSnapshot {
  position: number;
  me: Me;
  agents: readonly Agent[];
  teams: readonly Team[];
  inboxes: readonly Inbox[];
  conversations: readonly Conversation[];
  drafts: readonly Draft[];
  /** What features add, by slice name (`replies`: list of CannedReply). */
  slices: Record<string, unknown>;
}

/** Drop what you hold and start from this snapshot. */
export interface Resync {
  reason: 'behind' | 'epoch' | 'first';
  visitor: VisitorSnapshot | null;
  agent: AgentSnapshot | null;
}

/** The message is stored as fact `seq`. A repeat gets the first one's answer; `mismatch` when its text differed. */
export interface Ack {
  cid: string;
  conversation: string;
  seq: number;
  at: number;
  mismatch: boolean;
}

/** A definite no to one frame (named by `cid`, else by the frame's `id`). Nothing was stored. */
export interface Refuse {
  code: string;
  detail: string;
  cid: string | null;
}

export interface TypingSeen {
  kind: 'typing';
  conversation: string;
  actor: Actor;
  on: boolean;
}

/** One page the visitor saw; `url` without query and fragment. `tab` tells tabs of one browser apart. */
export interface PageView {
  url: string;
  title: string;
  at: number;
  tab: string;
}

/** To agents: the visitor of this contact is on this page. */
export interface PageSeen {
  kind: 'page';
  contact: string;
  page: PageView;
}

/** CSS pixels. */
export interface Viewport {
  width: number;
  height: number;
}

/**
 * How the visitor's page stands: `form` names the kinds of error on it, never a text, a name or a value. `since` it is
 * open, `at` this was told.
 */
export interface PageState {
  url: string;
  tab: string;
  viewport: Viewport;
  form: readonly FormError[];
  since: number;
  at: number;
}

/** To agents: how the page of this contact stands, where the looking policy lets them know. */
export interface PageStateSeen {
  kind: 'page_state';
  contact: string;
  state: PageState;
}

/** To agents: whether the contact has the site open now. */
export interface PresenceSeen {
  kind: 'presence';
  contact: string;
  online: boolean;
}

/** To visitors: the desk opened or everybody went away. */
export interface DeskSeen {
  kind: 'desk';
  desk: Desk;
}

/** To agents: a colleague's console came or went. */
export interface AgentSeen {
  kind: 'agent';
  agent: string;
  connected: boolean;
}

/**
 * To agents: something is away that the desk can do without for a while. Messages go on; who is there and who types
 * may be told late.
 */
export interface ServiceSeen {
  kind: 'service';
  degraded: boolean;
}

export interface Pong {
  at: number;
}

/**
 * To who wants it: a ticket to come back with, valid for `valid_ms` from now. It takes the place of the one before.
 * `spread_ms`: should the line break without a word, over how long at most to spread the tries.
 */
export interface Resume {
  ticket: string;
  validMs: number;
  spreadMs: number;
}

/** Come back after `afterMs` plus a random part of `spreadMs`. */
export interface Reconnect {
  afterMs: number;
  spreadMs: number;
}

export interface ConversationOpened {
  number: number;
  inbox: string;
  contact: Contact;
  language: Language;
  page: PageView | null;
}

/** `cid` is the sender's own id of the message. `sentAt` is the sender's clock: shown, never ordered by. */
export interface MessageAdded {
  cid: string;
  text: string;
  sentAt: number | null;
}

export interface NoteAdded {
  cid: string;
  text: string;
}

/** `agent` is none when the conversation went back to unassigned. */
export interface ConversationAssigned {
  agent: Actor | null;
}

export type ConversationClosed = Record<string, never>;

export type ConversationReopened = Record<string, never>;

/** The messages up to seq `upTo` are on a device of `side`. */
export interface MessagesDelivered {
  side: Side;
  upTo: number;
}

/** `side` has read up to seq `upTo`; `unread` messages of the other side remain. */
export interface MessagesRead {
  side: Side;
  upTo: number;
  unread: number;
}

export interface ContactChanged {
  contact: Contact;
}

export interface AgentChanged {
  agent: Agent;
}

export interface InboxChanged {
  inbox: Inbox;
}

/** `reason`: why the agent is away. */
export interface AgentStatusChanged {
  status: AgentStatus;
  reason: AwayReason;
}

/**
 * The courier gave a delivery up: the first one since its target worked, at most one a day. The target's log names the
 * others.
 */
export interface DeliveryFailed {
  delivery: string;
  channel: string;
  target: string;
  reason: string;
}

/** Wall times `HH:MM`; `end` may be `24:00`. Past midnight it goes on in the next day's first slot. */
export interface Slot {
  start: string;
  end: string;
}

/** From `first` to `last` (dates, both included) these slots instead of the week's; none: closed. */
export interface SpecialDays {
  first: string;
  last: string;
  slots: readonly Slot[];
  name: string;
}

/**
 * `week`: seven lists of slots, Monday first. `holidays`: the country (ISO 3166) whose public holidays are closed,
 * such as `NL` or `DE-BY`; empty for none. Special days outrank holidays, and both the week.
 */
export interface Calendar {
  id: string;
  version: number;
  name: string;
  timeZone: string;
  week: readonly (readonly Slot[])[];
  holidays: string;
  specialDays: readonly SpecialDays[];
}

export interface CalendarChanged {
  calendar: Calendar;
}

export interface CalendarRemoved {
  id: string;
}

/** An agent asks to look along; with `code`, after the visitor showed one. */
export interface LookInvited {
  look: string;
  code: boolean;
}

/** The evidence of consent: which text, in which language, under which policy, on which page (no query). */
export interface LookAccepted {
  look: string;
  consentText: string;
  language: Language;
  policyVersion: number;
  policyHash: string;
  address: string;
}

export interface LookDeclined {
  look: string;
  reason: 'timeout' | 'visitor';
}

/**
 * Consent in one more place: another `tab`, or another `site` that the policy trusts. To which text, in which
 * language, on which page (no query).
 */
export interface LookContinued {
  look: string;
  on: 'site' | 'tab';
  tab: string;
  address: string;
  language: Language;
  consentText: string;
}

export interface LookPaused {
  look: string;
  by: 'page' | 'visitor';
}

export interface LookResumed {
  look: string;
}

export interface LookEnded {
  look: string;
  reason: 'agent' | 'closed' | 'declined' | 'escape' | 'idle' | 'page_too_large' | 'policy_never' | 'recorder_failed' | 'restart_impossible' | 'signed_out' | 'timeout' | 'visitor';
}

export interface ControlAsked {
  look: string;
  kind: 'act' | 'scroll';
}

export interface ControlGranted {
  look: string;
  kind: 'act' | 'scroll';
  until: number;
}

/** A grant, or the question for one, is over. */
export interface ControlWithdrawn {
  look: string;
  kind: 'act' | 'scroll';
  reason: 'agent' | 'declined' | 'expired' | 'timeout' | 'visitor';
}

/**
 * The agent's hand did something: on what (its label, never a value) and with which outcome. `visit`: the visitor
 * answered for a page that an agent proposed; the label is its address without query.
 */
export interface ControlUsed {
  look: string;
  action: 'click' | 'fill' | 'scroll' | 'select' | 'visit';
  label: string;
  outcome: string;
}

/** An agent asks to record what is seen from here on. */
export interface RecordingAsked {
  look: string;
}

/** The evidence of this consent, which is none of looking along's: which text, in which language, for how long. */
export interface RecordingStarted {
  look: string;
  consentText: string;
  language: Language;
  days: number;
}

export interface RecordingDeclined {
  look: string;
  reason: 'agent' | 'look_ended' | 'timeout' | 'visitor';
}

/** `duration` in milliseconds since the visitor agreed, pauses included. */
export interface RecordingEnded {
  look: string;
  reason: 'agent' | 'full' | 'look_ended' | 'store_failed' | 'visitor';
  duration: number;
}

/** What was recorded is gone for good; who removed it is the fact's actor. */
export interface RecordingRemoved {
  look: string;
  reason: 'admin' | 'retention';
}

/** The agent watched it. */
export interface RecordingPlayed {
  look: string;
}

/** The agent came to the mirror's socket. */
export interface LookWatched {
  look: string;
}

export interface LookLeft {
  look: string;
}

/** A saved text. `shortcut` is what an agent types after `/`; `text` may hold {{variables}}. */
export interface CannedReply {
  id: string;
  shortcut: string;
  title: string;
  text: string;
  language: '' | 'en' | 'nl';
}

export interface ReplySaved {
  reply: CannedReply;
}

export interface ReplyRemoved {
  id: string;
}

/** An endpoint was added or changed. */
export interface WebhookSaved {
  id: string;
  description: string;
  active: boolean;
}

export interface WebhookRemoved {
  id: string;
}

/** The desk itself turned an endpoint off: it answered 410 Gone, or failed for days. */
export interface WebhookDisabled {
  id: string;
  description: string;
  reason: '' | 'failing' | 'gone' | 'person';
}

/**
 * A conversation with the tail of its log (`logged` facts only), read in one transaction with its seq. `log` holds at
 * most LOG_PAGE facts; `more` says that older ones exist.
 */
export interface ConversationSnapshot {
  conversation: Conversation;
  log: readonly Fact[];
  more: boolean;
}

/** One day of a calendar as it will be. `because`: what outranked the week, with its `name`. */
export interface Day {
  date: string;
  slots: readonly Slot[];
  because: 'holiday' | 'special' | 'week';
  name: string;
}

/** `hours`: now. `days`: the next four weeks, from today on in the calendar's time zone. */
export interface CalendarPreview {
  hours: Hours;
  days: readonly Day[];
}

/** A question for the visitor: may `agent` scroll, or click and fill? Open until `until` (UTC ms). */
export interface Asked {
  kind: 'act' | 'scroll';
  agent: Actor;
  until: number;
}

/**
 * `asked`: may `agent` have what is seen recorded? Open until `until` (UTC ms). `on`: it is, since `since`. `days`:
 * how long it is kept.
 */
export interface LookRecording {
  state: 'asked' | 'on';
  agent: Actor;
  since: number | null;
  until: number | null;
  days: number;
}

/**
 * An agent looks along on a visitor's page. Times are UTC milliseconds. `agent` leads: who invited or joined by code.
 * `controller` holds the grants that run until `scrollUntil` and `actUntil`. `watchers` are on the mirror's socket
 * now, as far as known. `expiresAt`: until when somebody may join or answer. `away`: no page of the visitor's is told
 * now, because a link led to another `site`, or because it was closed or left without a link.
 */
export interface Look {
  id: string;
  conversation: string | null;
  contact: string;
  inbox: string;
  state: 'asking' | 'code' | 'ended' | 'invited' | 'paused' | 'viewing';
  pausedBy: 'page' | 'visitor' | null;
  away: 'left' | 'site' | null;
  agent: Actor | null;
  watchers: readonly Actor[];
  controller: Actor | null;
  scrollUntil: number | null;
  actUntil: number | null;
  asked: Asked | null;
  recording: LookRecording | null;
  policyVersion: number;
  policyHash: string;
  consentText: string | null;
  language: Language | null;
  expiresAt: number | null;
  endReason: 'agent' | 'closed' | 'declined' | 'escape' | 'idle' | 'page_too_large' | 'policy_never' | 'recorder_failed' | 'restart_impossible' | 'signed_out' | 'timeout' | 'visitor' | null;
  createdAt: number;
  acceptedAt: number | null;
  endedAt: number | null;
}

export interface MirrorState {
  t: 'state';
  look: Look;
}

/** To agents: the visitor's socket went; it may come back. */
export interface MirrorGone {
  t: 'gone';
}

/** To agents: the visitor's socket is there. */
export interface MirrorBack {
  t: 'back';
}

/**
 * To the visitor: somebody came who needs a snapshot. `watcher`: the number of their window, to which it may be
 * addressed; 0 when it is for everybody.
 */
export interface MirrorJoined {
  t: 'joined';
  agent: Actor;
  watcher: number;
}

export interface MirrorLeft {
  t: 'left';
  agent: Actor;
}

/** To an agent: frames were dropped for this watcher; ask for a snapshot. */
export interface MirrorLost {
  t: 'lost';
}

/** To an agent: a frame was dropped. */
export interface MirrorRefused {
  t: 'refused';
  why: 'no_grant' | 'not_viewing';
}

/** From the visitor, at most every 10 s: there was input on the page. */
export interface MirrorAlive {
  t: 'alive';
}

/** `page`: for the next page of this site; the others as in `Look.away`. */
export interface Leaving {
  why: 'left' | 'page' | 'site';
}

/** From the visitor, as the last word of a page. */
export interface MirrorLeaving {
  t: 'leaving';
  d: Leaving;
}

/**
 * What an inbox lets its agents see. `version` 0 is the one that a new inbox starts with. `policy`: the keys of
 * docs/cobrowse.md; `hash` as the recorder computes it.
 */
export interface LookingPolicy {
  version: number;
  hash: string;
  profile: 'normal' | 'open' | 'regulated';
  policy: Record<string, unknown>;
  createdAt: number;
  agent: Actor | null;
}

/**
 * Frames in the order they came. `from` and `to`: milliseconds since the recording's beginning; `bytes`: as they are
 * played.
 */
export interface RecordingPiece {
  n: number;
  from: number;
  to: number;
  bytes: number;
}

/**
 * Something that happened `at` milliseconds after the beginning: the kind of its fact, and what the agent's hand was
 * on, or why it ended.
 */
export interface RecordingMark {
  at: number;
  kind: string;
  label: string;
}

/**
 * What was seen in a look, as far as the visitor agreed. `duration` in milliseconds, until now while it goes on.
 * `assets`: where the viewer finds images and fonts, as they are by now, for an hour. `removesAt`: when it removes
 * itself. No pieces once it is removed.
 */
export interface Recording {
  look: string;
  startedAt: number;
  endedAt: number | null;
  duration: number;
  bytes: number;
  pieces: readonly RecordingPiece[];
  marks: readonly RecordingMark[];
  assets: string;
  removesAt: number | null;
  removedAt: number | null;
}

// Facts

/** The body of each kind of fact. `hidden` stands for a fact the reader may not see. */
export interface FactBodies {
  conversation_opened: ConversationOpened;
  message_added: MessageAdded;
  note_added: NoteAdded;
  conversation_assigned: ConversationAssigned;
  conversation_closed: ConversationClosed;
  conversation_reopened: ConversationReopened;
  messages_delivered: MessagesDelivered;
  messages_read: MessagesRead;
  contact_changed: ContactChanged;
  agent_changed: AgentChanged;
  inbox_changed: InboxChanged;
  agent_status_changed: AgentStatusChanged;
  delivery_failed: DeliveryFailed;
  calendar_changed: CalendarChanged;
  calendar_removed: CalendarRemoved;
  look_invited: LookInvited;
  look_accepted: LookAccepted;
  look_declined: LookDeclined;
  look_continued: LookContinued;
  look_paused: LookPaused;
  look_resumed: LookResumed;
  look_ended: LookEnded;
  control_asked: ControlAsked;
  control_granted: ControlGranted;
  control_withdrawn: ControlWithdrawn;
  control_used: ControlUsed;
  recording_asked: RecordingAsked;
  recording_started: RecordingStarted;
  recording_declined: RecordingDeclined;
  recording_ended: RecordingEnded;
  recording_removed: RecordingRemoved;
  recording_played: RecordingPlayed;
  look_watched: LookWatched;
  look_left: LookLeft;
  reply_saved: ReplySaved;
  reply_removed: ReplyRemoved;
  webhook_saved: WebhookSaved;
  webhook_removed: WebhookRemoved;
  webhook_disabled: WebhookDisabled;
  hidden: Record<string, never>;
}
export type FactKind = keyof FactBodies;
/** The kinds that are lines of a conversation's log. */
export const LOGGED_KINDS = [
  'conversation_opened',
  'message_added',
  'note_added',
  'conversation_assigned',
  'conversation_closed',
  'conversation_reopened',
  'look_invited',
  'look_accepted',
  'look_declined',
  'look_continued',
  'look_ended',
  'control_granted',
  'control_withdrawn',
  'recording_started',
  'recording_declined',
  'recording_ended',
  'recording_removed',
] as const;
export type LoggedKind = (typeof LOGGED_KINDS)[number];
/** The kinds whose home is a conversation's stream. */
export const CONVERSATION_KINDS = [
  'conversation_opened',
  'message_added',
  'note_added',
  'conversation_assigned',
  'conversation_closed',
  'conversation_reopened',
  'messages_delivered',
  'messages_read',
  'look_invited',
  'look_accepted',
  'look_declined',
  'look_continued',
  'look_paused',
  'look_resumed',
  'look_ended',
  'control_asked',
  'control_granted',
  'control_withdrawn',
  'control_used',
  'recording_asked',
  'recording_started',
  'recording_declined',
  'recording_ended',
  'recording_removed',
  'recording_played',
  'look_watched',
  'look_left',
] as const;
export type ConversationKind = (typeof CONVERSATION_KINDS)[number];
/** A fact of one kind: what happened, who did it and where it stands in its stream. */
export type FactOf<K extends FactKind> = K extends FactKind
  ? FactHead & { kind: K; body: FactBodies[K] }
  : never;
/** Any fact, told apart by `kind`. */
export type Fact = FactOf<FactKind>;

// Frames

/**
 * First frame. Without `epoch` the server answers with `resync`. `streams` (visitor) maps conversation to the last seq
 * shown; `position` (agent) is the last global position applied. `dev` names the device or tab. `resume`: the ticket
 * of the last `resume` frame, on a socket that was opened without one; empty from who wants such tickets and has none.
 */
export interface Hello {
  dev?: string;
  resume?: string | null;
  epoch?: string | null;
  streams?: Record<string, number>;
  position?: number | null;
}

/** A message, or a note to colleagues. Visitors leave `conversation` out for their first message; agents name it. */
export interface Send {
  cid: string;
  text: string;
  conversation?: string | null;
  note?: boolean;
  sentAt?: number | null;
}

/** This side has the messages up to seq `upTo` (`delivered`) or has read them (`read`). */
export interface Read {
  conversation: string;
  upTo: number;
  level?: 'delivered' | 'read';
}

export interface TypingSent {
  kind: 'typing';
  conversation: string;
  on: boolean;
}

/** The visitor is on this page now. `visit` is a bare UUIDv7 that lasts until 30 minutes without a page. */
export interface PageSent {
  kind: 'page';
  visit: string;
  url: string;
  title: string;
  tab?: string;
}

/** The agent's own availability, and why they are away; a fact in the agent's stream. */
export interface StatusSent {
  kind: 'status';
  status: AgentStatus;
  reason?: AwayReason;
}

export type Ping = Record<string, never>;

export type SignalSent = TypingSent | PageSent | StatusSent;

export type SignalSeen = TypingSeen | PageSeen | PageStateSeen | PresenceSeen | DeskSeen | AgentSeen | ServiceSeen;

export type MirrorFrame = MirrorState | MirrorGone | MirrorBack | MirrorJoined | MirrorLeft | MirrorLost | MirrorRefused;

/** What a client may send. */
export type ClientFrame =
  | { t: 'hello'; d: Hello; id?: string }
  | { t: 'send'; d: Send; id?: string }
  | { t: 'read'; d: Read; id?: string }
  | { t: 'signal'; d: SignalSent; id?: string }
  | { t: 'ping'; d: Ping; id?: string };

/** What a client may receive. */
export type ServerFrame =
  | { t: 'welcome'; d: Welcome; id?: string }
  | { t: 'resync'; d: Resync; id?: string }
  | { t: 'fact'; d: Fact; id?: string }
  | { t: 'ack'; d: Ack; id?: string }
  | { t: 'refuse'; d: Refuse; id?: string }
  | { t: 'signal'; d: SignalSeen; id?: string }
  | { t: 'pong'; d: Pong; id?: string }
  | { t: 'resume'; d: Resume; id?: string }
  | { t: 'reconnect'; d: Reconnect; id?: string };
