/** What the desk found wrong with a policy, in the language of the screen. The desk says it in English; what is not known here stays. */
import { t } from '../../text/index';

export function flawText(detail: string, line: number | null): string {
  const words = t().policy.flaws;
  const known = words.known.find(([begin]) => detail.startsWith(begin))?.[1];
  if (line !== null) return words.line(line + 1, known ?? detail);
  return known ? known.charAt(0).toUpperCase() + known.slice(1) : detail;
}
