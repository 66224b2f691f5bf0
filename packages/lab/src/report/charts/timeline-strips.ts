import { scaleLinear } from 'd3-scale';
import type { Timeline, TimelineBin } from '../../analyse/timeline.js';
import { digits } from '../../text/figure-words.js';
import { type PlotArea, xAxis, yAxis } from './frame.js';
import { linePath } from './line-path.js';
import type { Picture } from './picture.js';
import type { SeriesStyle } from './series-style.js';
import { node, pixels } from './svg.js';

export interface TimelineOptions {
  readonly name: string;
  readonly title: string;
  readonly style: SeriesStyle;
  readonly timeline: Timeline;
  /** Shared by the timelines of all stacks, so that they can be laid side by side. */
  readonly ceiling: TimelineCeiling;
}

/** The largest value of each strip. */
export interface TimelineCeiling {
  readonly rps: number;
  readonly inFlight: number;
  readonly batchSize: number;
}

/** Slices are ten pixels wide: whole coordinates, which are the shortest. */
const PLOT = { left: 64, right: 664 };
const WIDTH = PLOT.right + 20;
const BAR_GAP = 2;
const STRIP_HEIGHT = 76;
const STRIP_GAP = 34;

export function timelineCeiling(timelines: readonly Timeline[]): TimelineCeiling {
  const bins = timelines.flatMap((timeline) => timeline.bins);
  const largest = (figure: (bin: TimelineBin) => number) => Math.max(1, ...bins.map(figure));
  return {
    rps: largest(({ arrivalsRps, completionsRps, errorsRps }) =>
      Math.max(arrivalsRps, completionsRps, errorsRps),
    ),
    inFlight: largest(({ inFlight }) => inFlight),
    batchSize: largest(({ batchSize }) => batchSize ?? 0),
  };
}

/** Arrivals, completions and errors; requests in flight; batch sizes: one strip each, the warm-up shaded. */
export function timelineStrips({ name, title, style, timeline, ceiling }: TimelineOptions): Picture {
  const { bins, warmupS, endS } = timeline;
  const withBatches = bins.some(({ batchSize }) => batchSize !== null);
  const strips = withBatches ? 3 : 2;
  const top = 30;
  const strip = (i: number): PlotArea => {
    const start = top + i * (STRIP_HEIGHT + STRIP_GAP);
    return { ...PLOT, top: start, bottom: start + STRIP_HEIGHT };
  };
  const whole = { ...strip(0), bottom: strip(strips - 1).bottom };
  const x = scaleLinear([0, endS], [whole.left, whole.right]);
  const shade = node('rect', {
    class: 'band',
    x: x(0),
    y: whole.top,
    width: x(warmupS) - x(0),
    height: whole.bottom - whole.top,
  });
  const warmup =
    warmupS > 0 ? node('text', { class: 'tick', x: x(0) + 6, y: whole.top + 12 }, 'warm-up') : '';
  const drawn = [
    ratesStrip(strip(0), bins, x, ceiling, style),
    inFlightStrip(strip(1), bins, x, ceiling, style),
    withBatches ? batchStrip(strip(2), bins, x, ceiling, style) : '',
  ];
  const ticks = x.ticks(8).map((second) => ({ at: x(second), label: digits(second) }));
  return {
    name,
    title,
    description: `Arrivals, completions, errors, requests in flight${withBatches ? ' and batch sizes' : ''} over ${digits(endS)} seconds of one repeat; the first ${digits(warmupS)} seconds are warm-up.`,
    width: WIDTH,
    height: whole.bottom + 44,
    body: [shade, xAxis(whole, ticks, 'seconds from the start of the load'), ...drawn, warmup].join(''),
  };
}

type Scale = (seconds: number) => number;

function ratesStrip(
  plot: PlotArea,
  bins: readonly TimelineBin[],
  x: Scale,
  ceiling: TimelineCeiling,
  style: SeriesStyle,
): string {
  const y = scaleLinear([0, ceiling.rps * 1.05], [plot.bottom, plot.top]);
  const curve = (figure: (bin: TimelineBin) => number) =>
    linePath(bins.map((bin) => [x(bin.atS), y(figure(bin))]));
  const errors = bins
    .filter(({ errorsRps }) => errorsRps > 0)
    .map(({ atS, errorsRps }) =>
      node('line', {
        x1: x(atS),
        x2: x(atS),
        y1: y(0),
        y2: y(errorsRps),
        'data-more': `${digits(errorsRps)} at ${digits(atS)} s`,
      }),
    );
  return [
    yAxis(plot, axisTicks(y), 'a second: arrivals (grey), completions (coloured), errors (red)'),
    node('path', {
      class: 'series c-muted',
      'stroke-dasharray': '2 3',
      d: curve((bin) => bin.arrivalsRps),
    }),
    node('path', { class: `series ${style.colour}`, d: curve((bin) => bin.completionsRps) }),
    errors.length === 0
      ? ''
      : node('g', { class: 'whisker c-bad', 'data-of': 'Errors a second: ' }, ...errors),
  ].join('');
}

function inFlightStrip(
  plot: PlotArea,
  bins: readonly TimelineBin[],
  x: Scale,
  ceiling: TimelineCeiling,
  style: SeriesStyle,
): string {
  const y = scaleLinear([0, ceiling.inFlight * 1.05], [plot.bottom, plot.top]);
  const top = linePath(bins.map(({ atS, inFlight }) => [x(atS), y(inFlight)]));
  // Back along the axis.
  const shape = `${top}V${pixels(y(0))}H${pixels(x(bins[0]?.atS ?? 0))}Z`;
  return (
    yAxis(plot, axisTicks(y), 'requests in flight') +
    node('path', { class: `soft ${style.colour}`, d: shape })
  );
}

function batchStrip(
  plot: PlotArea,
  bins: readonly TimelineBin[],
  x: Scale,
  ceiling: TimelineCeiling,
  style: SeriesStyle,
): string {
  const y = scaleLinear([0, ceiling.batchSize * 1.05], [plot.bottom, plot.top]);
  const width = Math.max(1, x(bins[1]?.atS ?? 1) - x(bins[0]?.atS ?? 0) - BAR_GAP);
  const bars = bins.flatMap(({ atS, batchSize }) => {
    if (batchSize === null) return [];
    const [left, top] = [x(atS) - width / 2, y(batchSize)].map(pixels);
    return [
      node('path', {
        d: `M${left},${pixels(y(0))}V${top}h${pixels(width)}V${pixels(y(0))}`,
        'data-more': `${digits(batchSize)} at ${digits(atS)} s`,
      }),
    ];
  });
  return (
    yAxis(plot, axisTicks(y), 'images a batch, mean') +
    node('g', { class: `bar ${style.colour}`, 'data-of': 'Images a batch: ' }, ...bars)
  );
}

const axisTicks = (y: { (value: number): number; ticks(count: number): number[] }) =>
  y.ticks(3).map((value) => ({ at: y(value), label: digits(value) }));
