// Native modules check `instanceof Float32Array` against the outer realm's constructors, and errors cross from
// worker threads: share those with the test sandbox.
const { TestEnvironment } = require('jest-environment-node');

const shared = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Uint8Array',
  'Int8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of shared) this.global[name] = globalThis[name];
    // The Functions host loads apps with the process's own module loader, which jest would replace by the
    // sandbox's when the runtime starts.
    const { getBuiltinModule } = process;
    Object.defineProperty(this.global.process, 'getBuiltinModule', {
      get: () => getBuiltinModule,
      set: () => {},
    });
  }
};
