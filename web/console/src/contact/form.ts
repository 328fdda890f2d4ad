/** What is wrong with the form on the visitor's page: its kinds, never what stands in it. */
import type { PageState } from '@balie/protocol';
import { t } from '../text/index';

export function formText(kinds: PageState['form']): string {
  const words = t().looking.form.kinds as Record<string, string | undefined>;
  return kinds.map((one) => words[one] ?? t().looking.form.other).join(', ');
}
