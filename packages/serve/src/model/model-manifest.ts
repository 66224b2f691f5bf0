import type { FileHashes } from './cache-entry.js';

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
  /**
   * What this version of the converter makes of these, and of synthetic weights, to the bit on every machine: it
   * calculates with sums, products, quotients and square roots alone.
   */
  readonly converted: { readonly real: FileHashes; readonly synthetic: FileHashes };
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
  converted: {
    real: {
      'f32.onnx': '94ce5b29432dc6dd50550d776d2bf3fa61427723d6782b884fa4b51c6d9565a7',
      'int8.onnx': '580b853d1143d59df3ae0ffa2bdc52bd316372da730f5d02f78d8590749eae92',
      'labels.txt': '4eb3da435cf544e4a6f390f62c84cb9c9bb68cf8b14e97f8a063452382e5efd2',
    },
    synthetic: {
      'f32.onnx': 'd9d1997c9e8b125ff664b487739cc0acc78062c7b4992ba066ea958226fa9314',
      'int8.onnx': '4e03449297d71a482e196eed5b94e18866aa5c972f49b389b59b7f18a377c292',
      'labels.txt': '41b64f64035b90858242d09a1c745c47872e33e95297cde4dfff660d6f413149',
    },
  },
  inputSize: 224,
  classCount: 1000,
};

/** Every model that comes with servelab; the first is the default. */
export const MODELS: readonly [ModelManifest, ...ModelManifest[]] = [MOBILENET_V2];
