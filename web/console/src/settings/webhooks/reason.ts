/** Why something did not arrive, in the language of the screen. The desk says it in English; what is not known here stays. */
import { t } from '../../text/index';

export function reasonText(reason: string): string {
  const words = t().webhooks.reasons;
  const [, status, redirect] = /^answered (\d{3})( \(redirects.*)?$/.exec(reason) ?? [];
  if (status) return redirect ? words.redirect(status) : words.answered(status);
  const [, seconds] = /^no full answer within (\d+) seconds$/.exec(reason) ?? [];
  if (seconds) return words.timeout(seconds);
  const [, connect] = /^no connection within (\d+) seconds$/.exec(reason) ?? [];
  if (connect) return words.connect(connect);
  if (reason.startsWith('the certificate is not right')) return words.certificate;
  const known = (words as unknown as Record<string, unknown>)[reason];
  return typeof known === 'string' ? known : reason;
}
