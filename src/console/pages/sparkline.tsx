const width = 120;
const height = 28;
const margin = 3;

/** A series without axes; its last value is marked. For the eye alone: the numbers stand beside it. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const places = values.map((value, index) => ({
    x: margin + ((width - 2 * margin) * index) / Math.max(1, values.length - 1),
    y: span === 0 ? height / 2 : height - margin - ((height - 2 * margin) * (value - low)) / span,
  }));
  const last = places.at(-1);
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      {last && <circle cx={last.x} cy={last.y} r="2.5" />}
    </svg>
  );
}
