export { faultKinds, type FaultKind, type FaultKindName } from './faultKinds';
export {
  fleetDefaults,
  generateServers,
  type FleetOptions,
  type GeneratedFault,
  type GeneratedFleet,
  type GeneratedServer,
} from './generateServers';
export { logLines, type GeneratedLogLine } from './logLines';
export { serverMetrics, type ServerMetric } from './serverMetrics';
