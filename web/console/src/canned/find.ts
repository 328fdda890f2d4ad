/** Which canned replies answer what was typed after `/`: those in the conversation's language first. */
import type { CannedReply, Language } from '@balie/protocol';
import { fold, rank } from '../search/rank';

export function findReplies(search: string, replies: readonly CannedReply[], spoken: Language, limit = 50): CannedReply[] {
  const sorted = [...replies].sort(
    (a, b) => Number(foreign(a, spoken)) - Number(foreign(b, spoken)) || a.title.localeCompare(b.title),
  );
  if (!search.trim()) return sorted.slice(0, limit);
  return rank(search, sorted, (reply) => [fold(reply.shortcut), fold(reply.title), fold(reply.text)], replies.length)
    .map(({ item, score }) => ({ item, score: foreign(item, spoken) ? score * 0.5 : score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ item }) => item);
}

function foreign(reply: CannedReply, spoken: Language): boolean {
  return reply.language !== '' && reply.language !== spoken;
}
