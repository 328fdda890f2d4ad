/** The door of the recorder and its line: loaded after the visitor agreed, and not before. */

import type { MountMirror } from '../shared/look-bridge';
import { createMirror } from './mirror';

export const mount: MountMirror = (shell) => createMirror(shell);
