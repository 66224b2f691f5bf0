import { cropRatioOf, type ModelState, type OwnManifest, portsOf } from '@servelab/serve';

type Row = [name: string, value: string];
type BuiltInManifest = Extract<ModelState, { kind: 'built-in' }>['manifest'];

export const builtInRows = ({
  inputSize,
  classCount,
  sourceUrl,
  weights,
  labels,
}: BuiltInManifest): Row[] => [
  ['input', `uint8 [N, ${inputSize}, ${inputSize}, 3] RGB`],
  ['output', `float [N, ${classCount}] probabilities`],
  ['source', sourceUrl],
  ['weights', `${weights.name}, sha256 ${weights.sha256}`],
  ['labels', `${labels.name}, sha256 ${labels.sha256}`],
];

export const ownRows = (manifest: OwnManifest): Row[] => [
  ['input', inputWords(manifest)],
  ['resize', resizeWords(manifest)],
  ['output', `${manifest.softmax ? 'logits, softmax applied' : 'probabilities'}; ${manifest.top_k} answered`],
  ['precision', manifest.precision],
  ['source', manifest.source],
  ['weights', `sha256 ${manifest.sha256 ?? 'not stated'}`],
  ['labels', labelWords(manifest.labels)],
];

function inputWords(manifest: OwnManifest): string {
  const { size } = manifest.input;
  const { dtype, layout, scale, mean, std } = portsOf(manifest);
  const shape = layout === 'nhwc' ? `[N, ${size}, ${size}, 3]` : `[N, 3, ${size}, ${size}]`;
  if (dtype === 'uint8') return `uint8 ${shape} RGB`;
  const factor = manifest.input.scale === undefined ? '1/255' : String(scale);
  return `float32 ${shape} RGB, x ${factor}, mean ${mean.join(' ')}, std ${std.join(' ')}`;
}

function resizeWords(manifest: OwnManifest): string {
  const ratio = cropRatioOf(manifest);
  const { size } = manifest.input;
  if (ratio === undefined) return `stretched to ${size}x${size}`;
  return `shorter side to ${Math.floor(size / ratio)}, centre of ${size}x${size} cut out`;
}

const labelWords = (labels: OwnManifest['labels']): string =>
  Array.isArray(labels)
    ? `${labels.length} in the manifest`
    : `${labels.file}, sha256 ${labels.sha256 ?? 'not stated'}`;
