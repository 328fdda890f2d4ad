import type { Mount, Options, PanelHandle } from '../shared/bridge';
import { isPaymentPage, watchPaymentMark } from '../shared/payment';
import { readTrace, wasOpen, worthResuming } from '../shared/traces';
import { drawLauncher } from './launcher';
import { asLanguage, asShown, asTheme, type Settings } from './options';
import { texts } from './texts';

export type Tell = (event: 'onShow' | 'onHide' | 'onUnreadCountChange', count?: number) => void;
export type Widget = ReturnType<typeof createWidget>;

/** One widget from boot to shutdown: the launcher, and the panel once somebody means to chat. */
export function createWidget(options: Options, tell: Tell) {
  const launcher = drawLauncher(options);
  const { host, button } = launcher;
  let loading: Promise<PanelHandle> | undefined;
  let panel: PanelHandle | undefined;
  let failures = 0;
  let open = false;
  let ended = false;
  const allowed = () => !host.hidden && !ended;

  function load(): Promise<PanelHandle> {
    // A page may stay open longer than a release: the named file is gone then, and the plain door leads to today's.
    const file = failures ? `panel.js?${failures}` : __PANEL__;
    loading ??= import(/* @vite-ignore */ `${options.desk}widget/${file}`).then(
      ({ mount }: { mount: Mount }) =>
        (panel = mount({
          root: launcher.root,
          options,
          onOpen(now, focus) {
            launcher.opened((open = now));
            if (focus) button.focus();
            tell(now ? 'onShow' : 'onHide');
          },
          onUnread(count) {
            launcher.unread(count);
            tell('onUnreadCountChange', count);
          },
        })),
      (reason: unknown) => {
        failures += 1;
        loading = undefined;
        throw reason;
      },
    );
    return loading;
  }

  /** Do something with the panel, loading it first; nothing on payment pages. */
  async function withPanel(act: (panel: PanelHandle) => void): Promise<void> {
    if (!allowed()) return;
    const ready = panel ?? (await load().catch(load));
    if (allowed()) act(ready);
  }

  function show(text?: unknown): void {
    launcher.notice('');
    launcher.busy(true);
    withPanel((it) => {
      if (typeof text === 'string') it.prefill(text);
      it.show({ restore: false });
    })
      .catch(() => launcher.notice(texts[options.language].failed))
      .finally(() => launcher.busy(false));
  }

  /** Go on where this browser was: panel open, or only connected for the unread badge, or not at all. */
  function resume(): void {
    const { inbox } = options;
    const small = innerWidth <= 480;
    const act: ((it: PanelHandle) => void) | null =
      wasOpen(inbox) && !small
        ? (it) => it.show({ restore: true })
        : options.word || worthResuming(readTrace(inbox), Date.now())
          ? (it) => it.resume()
          : null;
    if (act) withPanel(act).catch(() => undefined);
  }

  const intent = () => void load().catch(() => undefined);
  button.addEventListener('pointerenter', intent);
  button.addEventListener('focus', intent);
  button.addEventListener('click', () => (open ? panel?.hide() : show()));
  host.hidden = isPaymentPage();
  const unwatch = watchPaymentMark((payment) => {
    host.hidden = payment;
    if (payment) panel?.pause();
    else resume();
  });
  resume();

  return {
    show,
    hide: () => panel?.hide(),
    page: () => panel?.page(),
    update({ name, email, theme, language, launcher: shown }: Settings): void {
      if (name !== undefined) options.name = name;
      if (email !== undefined) options.email = email;
      if (theme) launcher.theme((options.theme = asTheme(theme)));
      if (language) launcher.language((options.language = asLanguage(language)));
      if (shown !== undefined) button.hidden = !asShown(shown);
      panel?.update(options);
    },
    /** Forget the visitor. Without a panel nothing runs, but an earlier page may have left something to forget. */
    end(): void {
      ended = true;
      unwatch();
      if (panel ?? readTrace(options.inbox)) load().then((it) => it.shutdown(), () => undefined);
      host.remove();
    },
  };
}
