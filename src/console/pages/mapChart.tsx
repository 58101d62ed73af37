import { useMemo, useRef } from 'preact/hooks';
import type { ClusterMap } from '../../contracts';
import { pageColor, useChart } from './chart';

interface Properties {
  map: ClusterMap;
  chosenId: string | undefined;
  onCluster: (id: string) => void;
  onTicket: (number: string) => void;
}

const noiseColor = '#9aa3ab';
/** Hues a golden angle apart: neighbours in number are far apart in colour, however many clusters there are. */
const goldenAngle = 137.508;
const clusterColor = (cluster: number): string => `hsl(${(cluster * goldenAngle) % 360} 62% 48%)`;

/** Tickets in two dimensions, one colour a cluster. The table below it is the same for the keyboard. */
export function MapChart({ map, chosenId, onCluster, onTicket }: Properties) {
  const option = useMemo(() => chartOption(map, chosenId), [map, chosenId]);
  const handlers = useRef({ onCluster, onTicket });
  handlers.current = { onCluster, onTicket };
  const element = useChart(option, (chart) => {
    chart.on('click', (event) => {
      const { number, id } = event.data as { number?: string; id?: string };
      if (number) handlers.current.onTicket(number);
      else if (id) handlers.current.onCluster(id);
    });
  });
  return (
    <section aria-labelledby="map-title">
      <h2 id="map-title">Map</h2>
      <p class="hint">
        Near means alike. Scroll or pinch to zoom; a dot opens its ticket, a name its cluster.
      </p>
      <div
        ref={element}
        class="map"
        role="img"
        aria-label={`Map of ${map.points.length} tickets in ${map.clusters.length} clusters`}
      />
    </section>
  );
}

/** Names are as wide as this; the axes leave room for half of one on each side. */
const labelWidth = 150;
const sideRoom = 0.12;
const axis = {
  show: false,
  min: ({ min, max }: { min: number; max: number }) => min - sideRoom * (max - min),
  max: ({ min, max }: { min: number; max: number }) => max + sideRoom * (max - min),
};

function chartOption(map: ClusterMap, chosenId: string | undefined) {
  const topics = new Map(map.clusters.map(({ cluster, topic }) => [cluster, topic]));
  const chosen = map.clusters.find(({ id }) => id === chosenId)?.cluster;
  return {
    aria: { enabled: true },
    animation: false,
    grid: { left: 8, right: 8, top: 8, bottom: 8 },
    tooltip: {
      confine: true,
      // Titles are other people's text: the library escapes what a formatter returns as an element's text.
      formatter: ({
        data,
      }: {
        data: { title?: string; number?: string; cluster: number; name?: string };
      }) => {
        const label = document.createElement('div');
        label.className = 'map-tooltip';
        label.textContent = data.number
          ? `${data.title} (${data.number}) – ${topics.get(data.cluster) ?? 'noise'}`
          : (data.name ?? '');
        return label;
      },
    },
    xAxis: axis,
    yAxis: axis,
    dataZoom: [
      { type: 'inside', xAxisIndex: 0, filterMode: 'none' },
      { type: 'inside', yAxisIndex: 0, filterMode: 'none' },
    ],
    series: [
      {
        type: 'scatter',
        symbolSize: 6,
        large: false,
        data: map.points.map(({ x, y, cluster, number, title }) => ({
          value: [x, y],
          cluster,
          number,
          title,
          itemStyle: {
            color: cluster < 0 ? noiseColor : clusterColor(cluster),
            opacity: chosen !== undefined && cluster !== chosen ? 0.12 : cluster < 0 ? 0.35 : 0.8,
          },
        })),
      },
      {
        type: 'scatter',
        symbolSize: 1,
        labelLayout: { hideOverlap: true },
        label: {
          show: true,
          position: 'top',
          distance: 8,
          formatter: '{b}',
          color: pageColor('--text'),
          textBorderColor: pageColor('--surface'),
          textBorderWidth: 3,
          fontWeight: 600,
          width: labelWidth,
          overflow: 'truncate',
        },
        data: map.clusters.map(({ x, y, topic, id, cluster }) => ({
          value: [x, y],
          name: topic,
          id,
          cluster,
        })),
      },
    ],
  };
}
