/** `node bundle.mjs OUT`: the peers as scripts for a page. rolldown is the web workspace's. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const { rolldown } = createRequire(join(here, '../../web/package.json'))('rolldown');
for (const name of ['rrweb', 'rrweb_player']) {
  const built = await rolldown({ input: join(here, `${name}.js`), platform: 'browser' });
  await built.write({ file: join(process.argv[2], `${name}.js`), format: 'es', minify: true });
  await built.close();
}
