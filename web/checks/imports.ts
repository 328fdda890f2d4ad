/**
 * Who imports whom. First proves that the lint sees: it must find our modules and the imports between packages, and catch
 * each violation planted in checks/planted. Then holds the real packages to the rules.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Report {
  modules: { source: string; dependencies: { resolved: string }[] }[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

const web = join(import.meta.dirname, '..');
const bin = join(web, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
const PACKAGES = ['protocol', 'state', 'link', 'ui', 'widget', 'console', 'cobrowse'];

function cruise(base: string): Report {
  const found = PACKAGES.filter((name) => existsSync(join(base, name)));
  const args = [bin, '--config', join(web, '.dependency-cruiser.cjs'), '--ts-config', join(web, 'tsconfig.json')];
  const command = [...args, '--output-type', 'json', ...found];
  const options = { cwd: base, encoding: 'utf-8', maxBuffer: 2 ** 28 } as const;
  return JSON.parse(spawnSync(process.execPath, command, options).stdout) as Report;
}

function fail(why: string): never {
  console.error(why);
  process.exit(1);
}

const planted = new Set(cruise(join(import.meta.dirname, 'planted')).summary.violations.map((it) => it.rule.name));
for (const rule of ['state-layer', 'no-runtime-below-ui', 'widget-layer', 'no-circles']) {
  if (!planted.has(rule)) fail(`the import lint is blind: it missed the planted breach of ${rule}`);
}

const { modules, summary } = cruise(web);
const seen = (from: RegExp, to: RegExp): boolean =>
  modules.some((it) => from.test(it.source) && it.dependencies.some((dependency) => to.test(dependency.resolved)));
for (const name of PACKAGES.filter((it) => existsSync(join(web, it, 'src', 'index.ts')))) {
  if (!modules.some((it) => it.source.startsWith(`${name}/src/`))) fail(`the import lint sees no module of ${name}`);
}
if (!seen(/^link\/src\//, /^state\/src\//)) fail('the import lint does not see imports between packages');
if (!seen(/^ui\/src\//, /node_modules\/preact\//)) fail('the import lint does not see imports of libraries');

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
if (summary.violations.length > 0) process.exit(1);
console.log(`imports: ${modules.filter((it) => !it.source.includes('node_modules')).length} modules keep the rules`);
