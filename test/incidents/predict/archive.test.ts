import { describe, expect, test } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import type { ClusteringPrediction } from '../../../src/contracts';
import { archiveName, encodePredictions } from '../../../src/incidents/predict/archive';

const row = (number: string, predictedCluster: number): ClusteringPrediction => ({
  number,
  sysCreatedOn: '2026-07-01T08:30:00.123456Z',
  predictedCluster,
  clusterTopic: 'Vpn, token – “expired”',
  domainName: 'Network',
  confidenceScore: 0.75,
  techCenter: 'Service Desk',
  modelVersion: '2026/q3/r1',
  predictedAt: '2026-10-01T00:00:00.000001Z',
});

describe('the archive of predictions', () => {
  test('reads back with every column, to the microsecond', async () => {
    const bytes = encodePredictions([row('INC1', 3), row('INC2', -1)]);
    const rows = await parquetReadObjects({
      file: bytes.buffer as ArrayBuffer,
      parsers: {
        timestampFromMilliseconds: (value) => value,
        timestampFromMicroseconds: (value) => value,
        timestampFromNanoseconds: (value) => value,
        dateFromDays: (value) => value,
        stringFromBytes: (value) => new TextDecoder().decode(value),
      },
    });
    expect(rows).toEqual([
      {
        number: 'INC1',
        sys_created_on: BigInt(Date.UTC(2026, 6, 1, 8, 30)) * 1000n + 123456n,
        predicted_cluster: 3,
        cluster_topic: 'Vpn, token – “expired”',
        domain_name: 'Network',
        confidence_score: 0.75,
        tech_center: 'Service Desk',
        model_version: '2026/q3/r1',
        predicted_at: BigInt(Date.UTC(2026, 9, 1)) * 1000n + 1n,
      },
      expect.objectContaining({ number: 'INC2', predicted_cluster: -1 }),
    ]);
  });

  test('its name holds no path of the tech centre’s own making', () => {
    expect(archiveName('../Network/EMEA', '2026-10-01T00:00:00.000000Z', 'run-1')).toBe(
      'predictions/batch_predictions/%2E.%2FNetwork%2FEMEA/2026/10/01/run-1.parquet',
    );
    expect(archiveName('..', '2026-10-01T00:00:00.000000Z', 'run-1')).toContain('/%2E%2E/2026/');
  });
});
