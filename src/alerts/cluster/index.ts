export {
  AlertClusterModel,
  alertClusterModelFromBytes,
  clusterAlgorithms,
  type AlertPlacements,
  type ClusterAlgorithm,
} from './alertClusterModel';
export {
  fitAlertClusters,
  type AlertClusterFit,
  type AlertClusterOptions,
  type AlertClusterSkip,
  type CandidateReport,
} from './fitAlertClusters';
export {
  clusterProfiles,
  type ClusterProfile,
  type CountedName,
  type ProfiledAlert,
} from './clusterProfiles';
