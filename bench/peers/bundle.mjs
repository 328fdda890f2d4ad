/** `node bundle.mjs OUT`: the peers and our recorder as minified scripts for a page. rolldown is the web workspace's. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const web = join(here, '../../web');
const { rolldown } = createRequire(join(web, 'package.json'))('rolldown');
const inputs = {
  rrweb: join(here, 'rrweb.js'),
  rrweb_player: join(here, 'rrweb_player.js'),
  openreplay: join(here, 'openreplay.js'),
  // What a visitor loads of each, to be weighed.
  weigh_ours: join(web, 'cobrowse/src/recorder/index.ts'),
  weigh_rrweb: join(here, 'node_modules/@rrweb/record/dist/record.js'),
  weigh_openreplay: join(here, 'node_modules/@openreplay/tracker/dist/lib/index.js'),
};
for (const [name, input] of Object.entries(inputs)) {
  const built = await rolldown({ input, platform: 'browser' });
  await built.write({ file: join(process.argv[2], `${name}.js`), format: 'es', minify: true });
  await built.close();
}
