/** "Chrome 142 · Android 15" from what a browser calls itself; the text as it is when it tells nothing known. Pure. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdgA?\/(\d+)/, 'Edge'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//, 'Safari'],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/\bAndroid (\d+)/, 'Android'],
  [/\biPhone OS (\d+)/, 'iPhone, iOS'],
  [/\biPad;.*? OS (\d+)/, 'iPad, iOS'],
  [/\bWindows NT/, 'Windows'],
  [/\bMac OS X/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

export function deviceName(agent: string): string {
  const parts = [first(BROWSERS, agent), first(SYSTEMS, agent)].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : agent.slice(0, 80);
}

function first(known: readonly [RegExp, string][], agent: string): string {
  for (const [pattern, name] of known) {
    const match = pattern.exec(agent);
    if (match) return match[1] ? `${name} ${match[1]}` : name;
  }
  return '';
}
