/** Two builds: the recorder (a module that the panel loads after consent), and the viewer's pages with their script (classic, in an opaque origin). */

import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { viewerPage } from './src/applier/policy.ts';

const folder = import.meta.dirname;

/** The pages around the script: one for pages in quirks mode, one for all others. */
const pages: Plugin = {
  name: 'viewer-pages',
  generateBundle() {
    for (const [fileName, quirks] of [['viewer.html', false], ['viewer-quirks.html', true]] as const) {
      this.emitFile({ type: 'asset', fileName, source: viewerPage('/mirror/viewer.js', quirks) });
    }
  },
};

export default defineConfig(({ mode }) => {
  const recorder = mode === 'recorder';
  return {
    root: folder,
    publicDir: false as const,
    logLevel: 'warn' as const,
    plugins: recorder ? [] : [pages],
    build: {
      outDir: resolve(folder, '../../src/balie/static', recorder ? 'cobrowse' : 'mirror'),
      emptyOutDir: true,
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
