/** One file of a model's source, by the hash that it must have. */
export interface PinnedFile {
  readonly name: string;
  readonly sha256: string;
}

/** What every model says of itself. */
export interface ModelFacts {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  /** Side of the square RGB input, pixels. */
  readonly inputSize: number;
  /** Classes answered. */
  readonly classCount: number;
}

/** A model that servelab converts, before any of it has been fetched. Class 0 of its source is cut out. */
export interface ModelManifest extends ModelFacts {
  /** Folder of the pinned files, at one commit; `SERVELAB_MODEL_SOURCE` may name a copy. */
  readonly sourceUrl: string;
  readonly weights: PinnedFile;
  /** One label a line; line 1 is the class that is cut out. */
  readonly labels: PinnedFile;
}

const MOBILENET_V2: ModelManifest = {
  name: 'mobilenet-v2',
  description: 'MobileNetV2 1.0/224, ImageNet, post-training quantised',
  licence: 'Apache-2.0',
  sourceUrl:
    'https://raw.githubusercontent.com/google-coral/test_data/104342d2d3480b3e66203073dac24f4e2dbb4c41',
  weights: {
    name: 'tf2_mobilenet_v2_1.0_224_ptq.tflite',
    sha256: '5d3137241276e79c86d14a74fe43581398ae0e815191d3dba45495b810840e8c',
  },
  labels: {
    name: 'imagenet_labels.txt',
    sha256: 'b8aaeb5630c62626a7d124a05c0e14230a7ffdd2136a31d0190a4fb71c1d82f1',
  },
  inputSize: 224,
  classCount: 1000,
};

/** Every model that comes with servelab; the first is the default. */
export const MODELS: readonly [ModelManifest, ...ModelManifest[]] = [MOBILENET_V2];
