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
    only('cobrowse', ['protocol', 'state', 'link', 'ui']),
    only('widget', ['protocol', 'state', 'link', 'ui', 'cobrowse']),
    only('console', ['protocol', 'state', 'link', 'ui', 'cobrowse']),
    {
      name: 'no-runtime-below-ui',
      comment: 'protocol, state and link are plain TypeScript: no framework, no package',
      severity: 'error',
      from: { path: '^(protocol|state|link)/src/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '^(protocol|state|link)/' },
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
