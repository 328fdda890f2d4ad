/** The button in the head of a conversation: asks, waits, or leads to the picture. */
import { ScanEye } from 'lucide';
import { cx } from '@balie/ui';
import type { Conversation } from '@balie/protocol';
import { Button } from '../parts/Button';
import { t } from '../text/index';
import { lookAlong } from './deeds';
import { lookOf } from './looks';
import { isLive, isWaiting } from './stage';

export function LookButton({ row }: { row: Conversation }) {
  const words = t().looking;
  const look = lookOf(row.id);
  const live = isLive(look);
  const waits = isWaiting(look);
  return (
    <Button
      icon={ScanEye}
      action="lookAlong"
      class={cx('head-look', live && 'is-live', waits && 'is-waiting')}
      tip={live ? words.liveTip : waits ? words.waitingTip : words.buttonTip}
      onClick={() => lookAlong(row.id)}
    >
      {words.button}
    </Button>
  );
}
