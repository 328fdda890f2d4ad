/** One page under /console/, all files beside it with hashed names; works under a CSP without inline script or style. */
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const folder = import.meta.dirname;

export default defineConfig({
  root: folder,
  base: '/console/',
  logLevel: 'warn',
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: resolve(folder, '../../src/balie/static/console'),
    emptyOutDir: true,
    target: ['chrome119', 'firefox128', 'safari16.4'],
    cssMinify: 'lightningcss',
    // Nothing as a data: address: the page's CSP names its own origin only.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
