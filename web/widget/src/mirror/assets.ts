/** Which images and fonts an agent's copy may ask the desk for: this site's own, without what their addresses carry. */

import { bareAddress, shownAddress } from '@balie/cobrowse';

const NAME = /^[\w.~%@+-]{1,100}$/;
/** A file name of a build has a hash in it; a number of a person, or an e-mail address, does not go along. */
const PERSONAL = /\d{6}|%40|@/;

/** The reference that the viewer resolves below the asset route, or null. */
export function assetReference(address: string, origin: string): string | null {
  const bare = bareAddress(address);
  if (!bare.startsWith(`${origin}/`)) return null;
  const folder = bare.slice(0, bare.lastIndexOf('/') + 1);
  const name = bare.slice(folder.length);
  if (shownAddress(folder) !== folder || !NAME.test(name) || PERSONAL.test(name)) return null;
  return `?u=${encodeURIComponent(bare)}`;
}
