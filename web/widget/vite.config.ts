/**
 * Two builds, in this order: the panel (an ES module under a hashed name), then the loader (a classic script that has
 * the panel's name in it). Equal sources give equal bytes, so that a site can pin the published hash.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import about from './package.json' with { type: 'json' };

const folder = import.meta.dirname;
const out = resolve(folder, '../../src/balie/static');
const panels = join(out, 'widget');

export default defineConfig(({ mode }) => {
  const loader = mode === 'loader';
  return {
    root: folder,
    publicDir: false,
    logLevel: 'warn',
    define: {
      __PANEL__: JSON.stringify(loader ? panelFile() : ''),
      __VERSION__: JSON.stringify(about.version),
      'process.env.NODE_ENV': '"production"',
    },
    build: {
      outDir: loader ? out : panels,
      emptyOutDir: !loader,
      target: ['chrome119', 'firefox128', 'safari16.4'],
      minify: true,
      cssMinify: 'lightningcss',
      reportCompressedSize: false,
      modulePreload: false,
      lib: loader
        ? { entry: 'src/loader/main.ts', formats: ['iife'], name: 'BalieLoader', fileName: () => 'widget.js' }
        : { entry: 'src/panel/mount.tsx', formats: ['es'], fileName: () => 'panel-[hash].js' },
    },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    plugins: [loader ? manifest() : door()],
  };
});

function panelFile(): string {
  const found = existsSync(panels) ? readdirSync(panels).find((name) => /^panel-.+\.js$/.test(name)) : undefined;
  if (!found) throw new Error('build the panel first: vite build --mode panel');
  return found;
}

/** `panel.js` leads to today's panel, for pages whose loader is older than the last release. */
function door(): Plugin {
  return {
    name: 'balie-door',
    writeBundle: () => writeFileSync(join(panels, 'panel.js'), `export * from './${panelFile()}';\n`),
  };
}

/** What docs publish: names, sizes and the hashes for `integrity`. */
function manifest(): Plugin {
  return {
    name: 'balie-manifest',
    writeBundle() {
      rmSync(join(panels, 'manifest.json'), { force: true });
      const entry = (file: string) => {
        const bytes = readFileSync(join(out, file));
        const hash = createHash('sha384').update(bytes).digest('base64');
        return { file, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, integrity: `sha384-${hash}` };
      };
      const files = { version: about.version, loader: entry('widget.js'), panel: entry(`widget/${panelFile()}`) };
      writeFileSync(join(panels, 'manifest.json'), `${JSON.stringify(files, null, 2)}\n`);
    },
  };
}
