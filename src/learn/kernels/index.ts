export { instantiateKernel, KernelMemory } from './instantiate';
export type { Kernel, KernelName } from './instantiate';
