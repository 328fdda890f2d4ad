/** Who may import whom (see the design, "The web side"): protocol, state, link, then the apps; ui beside them. */
const only = (name, may) => ({
  name: `${name}-layer`,
  comment: `${name} may import ${may.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${name}/` },
  to: { path: '^(protocol|state|link|ui|widget|console|cobrowse)/', pathNot: `^(${[name, ...may].join('|')})/` },
});

module.exports = {
  forbidden: [
    only('protocol', []),
    only('state', ['protocol']),
    only('link', ['protocol', 'state']),
    only('ui', []),
    only('cobrowse', []),
    only('widget', ['protocol', 'state', 'link', 'ui', 'cobrowse']),
    only('console', ['protocol', 'state', 'link', 'ui', 'cobrowse']),
    {
      name: 'no-runtime-below-ui',
      comment: 'protocol, state, link and cobrowse are plain TypeScript: no framework, no package',
      severity: 'error',
      from: { path: '^(protocol|state|link|cobrowse)/src/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '^(protocol|state|link|cobrowse)/' },
    },
    {
      name: 'mirror-ends',
      comment: 'the ends of the mirror share the protocol and the rules, and nothing else',
      severity: 'error',
      from: { path: '^cobrowse/src/(protocol|rules|recorder|applier)/' },
      to: { path: '^cobrowse/src/(recorder|applier)/', pathNot: '^cobrowse/src/$1/' },
    },
    {
      name: 'mirror-protocol',
      comment: 'the protocol knows no rules, and the rules no protocol',
      severity: 'error',
      from: { path: '^cobrowse/src/(protocol|rules)/' },
      to: { path: '^cobrowse/src/(protocol|rules)/', pathNot: '^cobrowse/src/$1/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?(inline|raw|url|worker)$' } },
    {
      name: 'no-tests-in-source',
      severity: 'error',
      from: { path: '^[^/]+/src/' },
      to: { path: '/tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'], extensions: ['.ts', '.tsx', '.d.ts', '.js', '.css', '.json'] },
  },
};
