/** Leads from what the log tells of a recording to the recording. */
import { Play } from 'lucide';
import { Icon } from '@balie/ui';
import { t } from '../text/index';
import { mayPlay, playing } from './open';

export function PlayButton({ conversation, look }: { conversation: string; look: string }) {
  if (!mayPlay(conversation, look)) return null;
  return (
    <button type="button" class="event-play" onClick={() => (playing.value = { look, conversation })}>
      <Icon icon={Play} />
      {t().playing.play}
    </button>
  );
}
