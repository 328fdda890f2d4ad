/**
 * Bundles for the tests in a real browser: the recorder as it is, the viewer, the console's side, and recorders that are broken on
 * purpose. `node bundle.ts OUT [MUTANTS]`, where MUTANTS is a JSON file: name → [file below src, text, text instead].
 */

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';

const [out, mutants] = process.argv.slice(2);
if (!out) throw new Error('where to?');
const source = join(import.meta.dirname, '..', 'src');

type Change = [file: string, text: string, instead: string];

async function bundle(entry: string, name: string, format: 'es' | 'iife', plugins: Plugin[] = []): Promise<void> {
  const built = await rolldown({ input: join(source, entry), platform: 'browser', plugins });
  await built.write({ file: join(out!, name), format });
  await built.close();
}

/** A change that fits nowhere is an error: the test would pass for no reason. */
function broken(name: string, [file, text, instead]: Change): Plugin {
  let done = false;
  return {
    name: 'broken',
    transform(code, id) {
      if (relative(source, id) !== file) return null;
      if (!code.includes(text)) throw new Error(`${name}: ${file} has no ${text}`);
      done = true;
      return code.replace(text, () => instead);
    },
    buildEnd() {
      if (!done) throw new Error(`${name}: ${file} is not in the recorder`);
    },
  };
}

await bundle('recorder/index.ts', 'recorder.js', 'es');
await bundle('applier/viewer.ts', 'viewer.js', 'iife');
await bundle('applier/index.ts', 'console.js', 'es');
if (mutants) {
  const changes = JSON.parse(readFileSync(mutants, 'utf-8')) as Record<string, Change>;
  for (const [name, change] of Object.entries(changes)) {
    await bundle('recorder/index.ts', `${name}.js`, 'es', [broken(name, change)]);
  }
}
