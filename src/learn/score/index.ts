export { adjustedRandIndex } from './adjustedRandIndex';
export { cheapestAssignment } from './assignment';
export { clusteringAccuracy } from './clusteringAccuracy';
export { normalizedMutualInformation, vMeasure } from './information';
export { silhouette, type SilhouetteOptions } from './silhouette';
export { trustworthiness, type TrustworthinessOptions } from './trustworthiness';
