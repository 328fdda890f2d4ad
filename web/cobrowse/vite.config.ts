/** Two builds: the recorder (a module that the panel loads after consent) and the viewer's script (classic, for its own page). */

import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const folder = import.meta.dirname;

export default defineConfig(({ mode }) => {
  const recorder = mode === 'recorder';
  return {
    root: folder,
    publicDir: false as const,
    logLevel: 'warn' as const,
    build: {
      outDir: resolve(folder, '../../src/balie/static/cobrowse'),
      emptyOutDir: recorder,
      target: ['chrome119', 'firefox128', 'safari16.4'],
      minify: true,
      reportCompressedSize: false,
      modulePreload: false as const,
      // No library mode: it leaves the white space in modules.
      rolldownOptions: {
        input: recorder ? 'src/recorder/index.ts' : 'src/applier/viewer.ts',
        preserveEntrySignatures: 'strict' as const,
        output: { format: recorder ? ('es' as const) : ('iife' as const), entryFileNames: recorder ? 'recorder.js' : 'viewer.js' },
      },
    },
  };
});
