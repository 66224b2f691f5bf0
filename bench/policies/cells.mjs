// What is compared: five cost curves x six loads x two kinds of arrivals x three numbers of workers.
const MAX_BATCH_SIZE = 8;

/** Milliseconds of a batch by its size, measured on one core; in between, straight lines. */
const MEASURED = {
  'ONNX Runtime f32': { 1: 6.5, 2: 13.4, 4: 27.8, 8: 58 },
  'ONNX Runtime int8': { 1: 3.6, 2: 6.9, 4: 13.8, 8: 27.9 },
  'tf.function': { 1: 15.8, 2: 28.8, 4: 54.7, 8: 114 },
  'Keras predict': { 1: 104, 2: 104, 4: 188, 8: 184 },
};

/** Milliseconds of a batch of n at index n - 1. */
export const COSTS_MS = {
  ...Object.fromEntries(Object.entries(MEASURED).map(([name, points]) => [name, interpolated(points)])),
  'GPU-like, 4 + 0.5 n': Array.from({ length: MAX_BATCH_SIZE }, (_, index) => 4 + 0.5 * (index + 1)),
};
export const LOADS = [0.1, 0.3, 0.6, 0.8, 0.9, 0.95];
export const ARRIVALS = ['poisson', 'bursty'];
export const WORKERS = [1, 2, 4];

export function allCells() {
  return Object.entries(COSTS_MS).flatMap(([cost, costsMs]) =>
    LOADS.flatMap((load) =>
      ARRIVALS.flatMap((arrivals) =>
        WORKERS.map((workers) => ({
          name: `${cost}, ${load * 100} %, ${arrivals}, ${workers}`,
          ...{ cost, costsMs, load, arrivals, workers },
          // Load is a share of the largest rate that these workers can serve: max over n of n / t(n), each.
          meanGapMs: 1 / (load * workers * Math.max(...costsMs.map((ms, index) => (index + 1) / ms))),
        })),
      ),
    ),
  );
}

function interpolated(points) {
  const sizes = Object.keys(points).map(Number);
  return Array.from({ length: MAX_BATCH_SIZE }, (_, index) => {
    const size = index + 1;
    const above = sizes.find((known) => known >= size);
    const below = sizes.findLast((known) => known <= size);
    if (above === below) return points[size];
    return points[below] + ((points[above] - points[below]) * (size - below)) / (above - below);
  });
}
