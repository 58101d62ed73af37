import { noiseCluster, QuarterdeckError, type IncidentDetail } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { preprocessQuarantineSource } from '../preprocess/quarantine';
import { stableIdOf } from './stableIdOf';

/**
 * One ticket with what became of it.
 * @throws NOT_FOUND
 */
export async function incidentDetail(
  platform: Platform,
  { number }: { number: string },
  signal: AbortSignal,
): Promise<IncidentDetail> {
  const { warehouse } = platform;
  const incident = await warehouse.incident(number, signal);
  if (!incident) {
    throw new QuarterdeckError('NOT_FOUND', `no incident ${JSON.stringify(number)}`, {
      culprit: { field: 'number' },
    });
  }
  const [preprocessed] = await warehouse.preprocessed([number], signal);
  const [quarantined] = preprocessed
    ? []
    : await warehouse.quarantined({ source: preprocessQuarantineSource, key: number, limit: 1 }, signal);
  const predictions = await warehouse.predictionsOf(number, signal);
  return {
    number,
    techCenter: incident.techCenter,
    createdOn: incident.sysCreatedOn,
    shortDescription: incident.shortDescription,
    description: incident.description,
    priority: incident.priority,
    assignmentGroup: incident.assignmentGroup,
    state: incident.state,
    summary: preprocessed?.combinedIncidentsSummary ?? null,
    quarantined: quarantined ? { reasonCode: quarantined.reasonCode, detail: quarantined.detail } : null,
    predictions: await Promise.all(
      predictions.map(async (prediction) => ({
        modelVersion: prediction.modelVersion,
        cluster: prediction.predictedCluster,
        clusterId: await stableIdOf(platform, prediction, signal),
        topic: prediction.clusterTopic,
        domainName: prediction.domainName,
        confidence: prediction.confidenceScore,
        isSuggestion: prediction.predictedCluster === noiseCluster,
        predictedAt: prediction.predictedAt,
      })),
    ),
  };
}
