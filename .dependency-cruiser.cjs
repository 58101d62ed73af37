/** The arrows of the map: functions, scripts → domains → registry → learn, platform → contracts. */
const domains = ['incidents', 'anomalies', 'alerts', 'intelligence', 'foresight', 'operations'];
const anyDomain = `^dist/src/(${domains.join('|')})/`;

const sdks = [
  '@azure/(storage|keyvault|identity|core|openai|monitor)',
  '@aws-sdk',
  '@google-cloud',
  'google-auth-library',
  'applicationinsights',
  '@opentelemetry',
  'openai',
  'onnxruntime-node',
  '@duckdb',
].join('|');

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contracts-are-pure',
      severity: 'error',
      from: { path: '^dist/src/contracts/' },
      to: { path: '^dist/', pathNot: '^dist/src/contracts/' },
    },
    {
      name: 'learn-imports-contracts-alone',
      severity: 'error',
      from: { path: '^dist/src/learn/' },
      to: { path: '^dist/', pathNot: '^dist/src/(learn|contracts)/' },
    },
    {
      name: 'learn-does-no-input-or-output',
      severity: 'error',
      from: { path: '^dist/src/learn/' },
      to: { dependencyTypes: ['core'], path: '^(fs|net|http|https|child_process|os)(/|$)' },
    },
    {
      name: 'platform-looks-down-only',
      severity: 'error',
      from: { path: '^dist/src/platform/' },
      to: { path: '^dist/', pathNot: '^dist/src/(platform|learn|contracts)/' },
    },
    {
      name: 'registry-looks-down-only',
      severity: 'error',
      from: { path: '^dist/src/registry/' },
      to: { path: '^dist/', pathNot: '^dist/src/(registry|platform|learn|contracts)/' },
    },
    {
      name: 'domains-look-down-only',
      severity: 'error',
      from: { path: anyDomain },
      to: { path: '^dist/(functions|scripts|test|src/(console|host))/' },
    },
    {
      name: 'a-domain-imports-only-the-index-of-another',
      severity: 'error',
      from: { path: `^dist/src/(${domains.join('|')})/` },
      to: { path: anyDomain, pathNot: ['^dist/src/$1/', `^dist/src/(${domains.join('|')})/index\\.js$`] },
    },
    {
      name: 'only-the-platform-imports-an-sdk',
      severity: 'error',
      from: { path: '^dist/(src|functions|scripts)/', pathNot: '^dist/src/(platform|host)/' },
      to: { path: `node_modules/(${sdks})` },
    },
    {
      // The host stands beside the app, as Azure's own host does: it reads the storage queues that start functions.
      name: 'the-host-imports-storage-alone',
      severity: 'error',
      from: { path: '^dist/src/host/' },
      to: { path: `node_modules/(${sdks})`, pathNot: 'node_modules/@azure/storage-' },
    },
    {
      name: 'the-host-knows-no-app',
      severity: 'error',
      from: { path: '^dist/src/host/' },
      to: { path: '^dist/', pathNot: '^dist/src/(host/|contracts/|platform/systemClock\\.js)' },
    },
    {
      name: 'nothing-knows-its-host',
      severity: 'error',
      from: { path: '^dist/(functions|src)/', pathNot: '^dist/src/host/' },
      to: { path: '^dist/src/host/' },
    },
    {
      name: 'shipped-code-needs-no-development-package',
      severity: 'error',
      from: {
        path: '^dist/(functions|src)/',
        // Loaded only on one machine, at the moment of use.
        pathNot: ['^dist/src/host/', '^dist/src/platform/warehouse/duckdb/'],
      },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'nothing-ships-that-imports-tests',
      severity: 'error',
      from: { path: '^dist/(src|functions|scripts)/' },
      to: { path: '^dist/test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.map$|\\.d\\.ts$' },
    tsPreCompilationDeps: false,
  },
};
