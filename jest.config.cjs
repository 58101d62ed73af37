/** Tests run on the compiled output, so worker threads and the Functions host load the very files that ship. */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.test.js'],
  globalSetup: '<rootDir>/dist/test/support/beginRun.js',
  globalTeardown: '<rootDir>/dist/test/support/endRun.js',
  testEnvironment: '<rootDir>/test/environment.cjs',
  // In the sandbox a global is looked up by a call each time; these stand in hot loops. They are given as parameters.
  sandboxInjectedGlobals: [
    'Math',
    'Number',
    'Infinity',
    'Array',
    'Float32Array',
    'Float64Array',
    'Int8Array',
    'Uint8Array',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'BigInt64Array',
    'DataView',
    'Atomics',
  ],
  // Packages that ship ES modules only.
  transform: {
    '/node_modules/.+\\.m?js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(https-proxy-agent|http-proxy-agent|agent-base|proxy-agent-negotiate|hyparquet|hyparquet-writer|hyparquet-compressors|fzstd|hysnappy|html-to-text|@selderee|selderee|parseley|leac|peberminta|htmlparser2|domhandler|domutils|dom-serializer|domelementtype|entities|deepmerge-ts|arrify|croner|teeny-request|gaxios|node-fetch|fetch-blob|data-uri-to-buffer|formdata-polyfill)/)',
  ],
  testTimeout: 60_000,
  maxWorkers: 2,
  // A process that has run a hundred files holds gigabytes, and takes longer to end than jest waits for it.
  workerIdleMemoryLimit: '400MB',
};
