import { useMemo, useRef } from 'preact/hooks';
import { pageColor, useChart } from './chart';
import { formatScore, formatTime } from './format';
import { linesOf, scoreAt, type RowVerdict, type Score } from './scoreSeries';

interface Properties {
  scores: readonly Score[];
  verdicts: readonly RowVerdict[];
  chosenAt: string | undefined;
  onRow: (at: string) => void;
}

const verdictSymbols = { anomaly: 'triangle', normal: 'circle', skip: 'emptyCircle' } as const;

/** Scores over time with their threshold, anomalies and verdicts. The list below it is the same for the keyboard. */
export function ScoreChart({ scores, verdicts, chosenAt, onRow }: Properties) {
  const option = useMemo(() => chartOption(scores, verdicts, chosenAt), [scores, verdicts, chosenAt]);
  const shown = useRef({ scores, onRow });
  shown.current = { scores, onRow };
  const element = useChart(option, (chart) => {
    // Lines of many points have no symbols to meet: what is nearest is meant.
    chart.getZr().on('click', ({ offsetX, offsetY }) => {
      if (!chart.containPixel('grid', [offsetX, offsetY])) return;
      const places = shown.current.scores.map((score) => ({
        score,
        place: chart.convertToPixel('grid', [milliseconds(score.at), score.score]),
      }));
      const at = nearestRow(places, offsetX, offsetY);
      if (at !== undefined) shown.current.onRow(at);
    });
  });
  const anomalies = scores.filter(({ label }) => label === 1).length;
  return (
    <div
      ref={element}
      class="scores"
      role="img"
      aria-label={`${scores.length} scores over time; anomalies: ${anomalies}; verdicts: ${verdicts.length}`}
    />
  );
}

/** An anomaly wins over its neighbours within so many pixels. */
const reachPixels = 12;

function nearestRow(
  places: readonly { readonly score: Score; readonly place: readonly number[] }[],
  x: number,
  y: number,
): string | undefined {
  let nearest: { at: string; distance: number } | undefined;
  for (const { score, place } of places) {
    const [left = 0, top = 0] = place;
    const reached = score.label === 1 && Math.hypot(left - x, top - y) <= reachPixels;
    const distance = Math.abs(left - x) - (reached ? reachPixels : 0);
    if (!nearest || distance < nearest.distance) nearest = { at: score.at, distance };
  }
  return nearest?.at;
}

const milliseconds = (at: string): number => Date.parse(`${at.slice(0, 23)}Z`);

interface Point {
  readonly value: readonly [number, number];
  readonly at: string;
  readonly said: string;
}

function chartOption(
  scores: readonly Score[],
  verdicts: readonly RowVerdict[],
  chosenAt: string | undefined,
) {
  const text = pageColor('--text');
  const colors = [pageColor('--accent'), pageColor('--warn'), pageColor('--muted')];
  const point = (score: Score): Point => ({
    value: [milliseconds(score.at), score.score],
    at: score.at,
    said: `${formatTime(score.at)}: ${formatScore(score.score)} by ${score.model} ${score.version}`,
  });
  const lines = linesOf(scores);
  const chosen = chosenAt === undefined ? undefined : scoreAt(scores, chosenAt);
  return {
    // The element says in words what there is to see.
    aria: { enabled: false },
    animation: false,
    grid: { left: 40, right: 14, top: 36, bottom: 64 },
    legend: { type: 'scroll', top: 0, textStyle: { color: text }, inactiveColor: pageColor('--muted') },
    tooltip: {
      confine: true,
      // Names of instances and models are other people's text: an element's text is never markup.
      formatter: ({ data }: { data: Partial<Point> }) => {
        const label = document.createElement('div');
        label.textContent = data.said ?? '';
        return label;
      },
    },
    xAxis: {
      type: 'time',
      axisLabel: { color: text, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: 1,
      axisLabel: { color: text },
      splitLine: { lineStyle: { color: pageColor('--line') } },
    },
    dataZoom: [
      { type: 'inside', filterMode: 'none' },
      {
        type: 'slider',
        filterMode: 'none',
        height: 22,
        bottom: 8,
        textStyle: { color: text },
        labelFormatter: '',
        brushSelect: false,
      },
    ],
    series: [
      ...lines.map(({ name, silent, scores: line }, index) => ({
        type: 'line',
        name,
        data: line.map(point),
        showSymbol: line.length < fewPoints,
        symbolSize: 5,
        color: colors[index % colors.length],
        lineStyle: { width: 1.5, type: silent ? 'dotted' : 'solid' },
      })),
      {
        type: 'line',
        name: 'threshold',
        step: 'end',
        data: (lines.find(({ silent }) => !silent) ?? lines[0])?.scores.map((score) => ({
          value: [milliseconds(score.at), score.threshold],
        })),
        showSymbol: false,
        silent: true,
        color: pageColor('--muted'),
        lineStyle: { width: 1, type: 'dashed' },
      },
      {
        type: 'scatter',
        name: 'anomaly',
        symbolSize: 9,
        color: pageColor('--bad'),
        data: scores.filter(({ label, role }) => label === 1 && role !== 'shadow').map(point),
        z: 4,
      },
      ...verdictSeries(scores, verdicts),
      {
        type: 'scatter',
        symbolSize: 18,
        silent: true,
        itemStyle: { color: 'transparent', borderColor: text, borderWidth: 2 },
        data: chosen ? [point(chosen)] : [],
        z: 6,
      },
    ],
  };
}

/** So few that every one can be seen and met. */
const fewPoints = 400;

function verdictSeries(scores: readonly Score[], verdicts: readonly RowVerdict[]) {
  const shown = new Map(scores.map((score) => [score.at, score]));
  return (['anomaly', 'normal', 'skip'] as const)
    .map((kind) => ({
      type: 'scatter',
      name: `said: ${kind}`,
      symbol: verdictSymbols[kind],
      symbolSize: 12,
      symbolOffset: [0, -14],
      color: pageColor(kind === 'anomaly' ? '--bad' : kind === 'normal' ? '--good' : '--muted'),
      data: verdicts
        .filter(({ verdict, at }) => verdict === kind && shown.has(at))
        .map(({ at, reviewers }) => ({
          value: [milliseconds(at), shown.get(at)!.score],
          at,
          said: `${formatTime(at)}: ${reviewers.join(', ')} said ${kind}`,
        })),
      z: 5,
    }))
    .filter(({ data }) => data.length > 0);
}
