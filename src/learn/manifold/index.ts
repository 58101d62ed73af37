export { fitUmap } from './fitUmap';
export { umapFromBytes } from './fittedUmap';
export type { FittedUmap } from './fittedUmap';
export type { UmapOptions } from './options';
