export { placeAlerts, type AlertModel, type PlacedAlerts } from './alertModel';
export { alertModelFiles, decodeAlertModel, encodeAlertModel } from './alertModelFiles';
export { alertClusterScope, currentAlertModel } from './currentAlertModel';
export { alertModelMetadataSchema, type AlertModelMetadata } from './metadata';
