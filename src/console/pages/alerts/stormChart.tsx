import { useMemo } from 'preact/hooks';
import type { GroupTimeline } from '../../../contracts';
import { pageColor, useChart } from '../chart';
import { formatCount, formatTime } from '../format';

const bands = [
  { band: 'critical', color: '--bad', opacity: 1 },
  { band: 'high', color: '--bad', opacity: 0.6 },
  { band: 'warning', color: '--warn', opacity: 0.9 },
  { band: 'other', color: '--accent', opacity: 0.7 },
] as const;

/** Alerts of a storm as they started, by severity. */
export function StormChart({ timeline }: { timeline: GroupTimeline }) {
  const option = useMemo(() => chartOption(timeline), [timeline]);
  const element = useChart(option);
  const alerts = timeline.buckets.reduce((sum, bucket) => sum + bucket.alerts, 0);
  return (
    <div
      ref={element}
      class="storm"
      role="img"
      aria-label={`${formatCount(alerts)} alerts from ${formatTime(timeline.from)} to ${formatTime(timeline.to)}`}
    />
  );
}

const milliseconds = (at: string): number => Date.parse(`${at.slice(0, 23)}Z`);

function chartOption({ buckets }: GroupTimeline) {
  const text = pageColor('--text');
  return {
    // The element says in words what there is to see.
    aria: { enabled: false },
    animation: false,
    grid: { left: 40, right: 14, top: 32, bottom: 28 },
    legend: { top: 0, textStyle: { color: text } },
    tooltip: { trigger: 'axis', confine: true },
    xAxis: {
      type: 'time',
      axisLabel: { color: text, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: pageColor('--line') } },
    },
    series: bands.map(({ band, color, opacity }) => ({
      type: 'bar',
      name: band,
      stack: 'alerts',
      color: pageColor(color),
      itemStyle: { opacity },
      barMaxWidth: 24,
      data: buckets.map((bucket) => [milliseconds(bucket.at), bucket[band]]),
    })),
  };
}
