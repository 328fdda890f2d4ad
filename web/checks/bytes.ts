/** What a visitor's browser loads, gzipped, against the budgets of the design. Build first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const built = join(import.meta.dirname, '..', '..', 'src', 'balie', 'static');
const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

const loader = join(built, 'widget.js');
const panel = join(built, 'widget');
const recorder = join(built, 'cobrowse', 'recorder.js');
if (!existsSync(loader) || !existsSync(panel) || !existsSync(recorder)) {
  console.error('nothing is built: npm run build first');
  process.exit(1);
}

const parts = readdirSync(panel).filter((name) => /\.(js|css|svg|woff2)$/.test(name));
const rows = [
  { what: 'loader, before any click', bytes: gzipped(loader), budget: 4_096 },
  { what: 'panel, when opened', bytes: parts.reduce((sum, name) => sum + gzipped(join(panel, name)), 0), budget: 45_000 },
  { what: 'recorder, after consent', bytes: gzipped(recorder), budget: 22_500 },
];
for (const { what, bytes, budget } of rows) {
  const verdict = bytes <= budget ? 'ok' : 'TOO BIG';
  console.log(`${what.padEnd(26)} ${String(bytes).padStart(6)} of ${String(budget).padStart(6)} bytes gzip  ${verdict}`);
}
if (rows.some((row) => row.bytes > row.budget)) process.exit(1);
