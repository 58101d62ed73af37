import { useMemo } from 'preact/hooks';
import { pageColor, useChart } from './chart';
import { formatDay } from './format';

/** Tickets a week. */
export function WeekChart({ weeks }: { weeks: readonly { week: string; incidents: number }[] }) {
  const option = useMemo(
    () => ({
      aria: { enabled: true },
      animation: false,
      grid: { left: 36, right: 8, top: 8, bottom: 24 },
      tooltip: { trigger: 'axis' },
      xAxis: {
        type: 'category',
        data: weeks.map(({ week }) => formatDay(week)),
        axisLabel: { color: pageColor('--text'), hideOverlap: true },
      },
      yAxis: { type: 'value', minInterval: 1, axisLabel: { color: pageColor('--text') } },
      series: [
        { type: 'bar', name: 'tickets', data: weeks.map(({ incidents }) => incidents), color: '#2a7f9e' },
      ],
    }),
    [weeks],
  );
  const element = useChart(option);
  return <div ref={element} class="weeks" role="img" aria-label="Tickets a week" />;
}
