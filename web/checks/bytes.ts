/** What a visitor's browser loads, gzipped, against the budgets of the design. Build first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const built = join(import.meta.dirname, '..', '..', 'src', 'balie', 'static');
const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

const loader = join(built, 'widget.js');
const panel = join(built, 'widget');
if (!existsSync(loader) || !existsSync(panel)) {
  console.error('nothing is built: npm run build first');
  process.exit(1);
}

/** All that belongs to one part of the widget: its module, and the door that leads to it. */
const part = (name: string): number =>
  readdirSync(panel)
    .filter((file) => new RegExp(`^${name}[.-].*(?:js|css|svg|woff2)$`).test(file))
    .reduce((sum, file) => sum + gzipped(join(panel, file)), 0);
const rows = [
  { what: 'loader, before any click', bytes: gzipped(loader), budget: 4_096 },
  { what: 'panel, when opened', bytes: part('panel'), budget: 45_000 },
  { what: 'consent, when asked', bytes: part('look'), budget: 16_500 },
  { what: 'mirror, after consent', bytes: part('mirror'), budget: 30_000 },
];
for (const { what, bytes, budget } of rows) {
  const verdict = bytes <= budget ? 'ok' : 'TOO BIG';
  console.log(`${what.padEnd(26)} ${String(bytes).padStart(6)} of ${String(budget).padStart(6)} bytes gzip  ${verdict}`);
}
if (rows.some((row) => row.bytes > row.budget)) process.exit(1);
