import { useEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([
  ScatterChart,
  BarChart,
  LineChart,
  LegendComponent,
  GridComponent,
  TooltipComponent,
  DataZoomComponent,
  AriaComponent,
  CanvasRenderer,
]);

export type { EChartsCoreOption, EChartsType };

/** Keeps a chart in an element: made once, redrawn when `option` changes, resized with its element. */
export function useChart(
  option: EChartsCoreOption,
  connect: (chart: EChartsType) => void = () => {},
): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const connected = useRef(connect);
  connected.current = connect;
  useEffect(() => {
    if (!element.current) return undefined;
    const made = init(element.current, undefined, { renderer: 'canvas' });
    chart.current = made;
    connected.current(made);
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);
  return element;
}

/** A colour of the page by its name in style.css, so that charts are readable in light and dark. */
export function pageColor(
  name: '--text' | '--surface' | '--muted' | '--line' | '--accent' | '--good' | '--warn' | '--bad',
): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
