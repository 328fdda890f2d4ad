/**
 * Four builds, each with the name of the one before in it: the mirror (recorder and line, loaded after consent), what asks for that
 * consent, the panel, and the loader (a classic script). Equal sources give equal bytes, so that a site can pin the published hash.
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

const PARTS = { mirror: 'src/mirror/mount.ts', look: 'src/look/mount.ts', panel: 'src/panel/mount.tsx' } as const;
type Part = keyof typeof PARTS;
const isPart = (mode: string): mode is Part => mode in PARTS;

export default defineConfig(({ mode }) => ({
  root: folder,
  publicDir: false,
  logLevel: 'warn',
  define: {
    __MIRROR__: JSON.stringify(mode === 'panel' ? fileOf('mirror') : ''),
    __LOOK__: JSON.stringify(mode === 'panel' ? fileOf('look') : ''),
    __PANEL__: JSON.stringify(mode === 'loader' ? fileOf('panel') : ''),
    __VERSION__: JSON.stringify(about.version),
    'process.env.NODE_ENV': '"production"',
  },
  build: {
    outDir: isPart(mode) ? panels : out,
    emptyOutDir: mode === 'mirror',
    target: ['chrome119', 'firefox128', 'safari16.4'],
    minify: true,
    cssMinify: 'lightningcss',
    reportCompressedSize: false,
    modulePreload: false,
    ...(isPart(mode)
      ? {
          // No library mode: it leaves the white space in modules.
          rolldownOptions: {
            input: PARTS[mode],
            preserveEntrySignatures: 'strict' as const,
            output: { format: 'es' as const, entryFileNames: `${mode}-[hash].js` },
          },
        }
      : { lib: { entry: 'src/loader/main.ts', formats: ['iife' as const], name: 'BalieLoader', fileName: () => 'widget.js' } }),
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [isPart(mode) ? door(mode) : manifest()],
}));

function fileOf(part: Part): string {
  const found = existsSync(panels) ? readdirSync(panels).find((name) => new RegExp(`^${part}-.+\\.js$`).test(name)) : undefined;
  if (!found) throw new Error(`build the ${part} first: vite build --mode ${part}`);
  return found;
}

/** `panel.js` leads to today's panel, for pages whose loader is older than the last release; the other parts likewise. */
function door(part: Part): Plugin {
  return {
    name: 'balie-door',
    writeBundle: () => writeFileSync(join(panels, `${part}.js`), `export * from './${fileOf(part)}';\n`),
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
      const part = (name: Part) => entry(`widget/${fileOf(name)}`);
      const files = {
        version: about.version, loader: entry('widget.js'), panel: part('panel'), look: part('look'), mirror: part('mirror'),
      };
      writeFileSync(join(panels, 'manifest.json'), `${JSON.stringify(files, null, 2)}\n`);
    },
  };
}
