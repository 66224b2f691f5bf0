import { MS_PER_S, type Options, type OptionTable } from '@servelab/core';
import { DEVICES } from '../runtime/devices.js';
import { POLICY_NAMES } from '../schedule/policies/index.js';

const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * MS_PER_S;

/**
 * Every option of `servelab serve`: types, defaults, bounds and words in one place. A null default means
 * "worked out at start": see the words of the option.
 */
export const SERVE_OPTIONS = {
  model: {
    type: 'string',
    default: 'mobilenet-v2',
    placeholder: 'NAME|MANIFEST',
    doc: 'Model to serve: a name that "servelab model list" shows, or the manifest of one of your own.',
  },
  precision: {
    type: 'string',
    default: 'f32',
    choices: ['f32', 'int8'],
    doc: 'Numbers the model computes with.',
  },
  runtime: {
    type: 'string',
    default: 'onnx',
    choices: ['onnx', 'simulated'],
    doc: 'What runs the model: ONNX Runtime, or a stand-in that only takes the time of --cost.',
  },
  device: {
    type: 'list',
    default: ['cpu'],
    choices: DEVICES,
    placeholder: 'DEVICE,...',
    doc: 'What runs the model, an execution provider of ONNX Runtime; with several, the first that can be used.',
  },
  cost: {
    type: 'string',
    default: 'keras-predict',
    placeholder: 'NAME|FILE',
    doc: 'Time of a batch by its size in the simulated runtime: a built-in table or a JSON file.',
  },
  syntheticWeights: {
    type: 'boolean',
    default: false,
    doc: 'Serve generated weights: timings are real, answers are not.',
  },
  policy: {
    type: 'string',
    default: 'optimal',
    placeholder: 'NAME|FILE',
    doc: `Which images run together, and when: ${POLICY_NAMES.join(', ')}, or a module of your own such as ./mine.mjs.`,
  },
  maxBatchSize: {
    type: 'integer',
    default: 8,
    min: 1,
    max: 256,
    doc: 'Images in one batch at most.',
  },
  batchWaitTimeoutMs: {
    type: 'number',
    default: 10,
    min: 0,
    max: 60_000,
    doc: 'How long fixed-window waits after the first image of a batch.',
  },
  maxLatencyMs: {
    type: 'number',
    default: 60_000,
    min: 1,
    max: DAY_MS,
    doc: 'What slo-adaptive promises: it sheds the image that it expects to miss this.',
  },
  maxWaitMs: {
    type: 'number',
    default: 50,
    min: 0,
    max: 60_000,
    doc: 'How long any policy may let an image wait for other images while a worker is idle.',
  },
  workers: {
    type: 'integer',
    default: null,
    min: 0,
    max: 512,
    doc: "Model processes, by default as many as the cores that the process may use; 0 runs the model in the server's own.",
  },
  transport: {
    type: 'string',
    default: 'auto',
    choices: ['auto', 'ipc'],
    doc: 'How images come to the model processes: in shared memory where the system has it (auto), or as messages (ipc).',
  },
  intraOpThreads: {
    type: 'integer',
    default: 1,
    min: 1,
    max: 512,
    doc: 'Threads of one model run; for small models more workers beat more threads.',
  },
  decodeThreads: {
    type: 'integer',
    default: null,
    min: 0,
    max: 64,
    doc: 'Threads of each worker that decode images, also while its model runs; 0 decodes between two runs. By default one for each core that a worker has, at most 8; none where it has one core.',
  },
  host: { type: 'string', default: '127.0.0.1', placeholder: 'ADDRESS', doc: 'Address to listen on.' },
  port: {
    type: 'integer',
    default: 8080,
    min: 0,
    max: 65_535,
    doc: 'Port to listen on; 0 takes a free one.',
  },
  corsOrigin: {
    type: 'list',
    default: null,
    placeholder: 'ORIGIN,...|*',
    doc: 'Origins such as https://app.example whose pages may read the answers; * for any page. By default none.',
  },
  maxConnections: {
    type: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    doc: 'Connections at once; above it 503. By default 10,000; never more than the limit on open files leaves room for.',
  },
  maxPipelinedRequests: {
    type: 'integer',
    default: 64,
    min: 1,
    max: 100_000,
    doc: 'Requests of one connection that wait for their answers; above it 429, and the connection ends.',
  },
  queueLimit: {
    type: 'integer',
    default: 256,
    min: 1,
    max: 1_000_000,
    doc: 'Images that may wait; above it requests get 429.',
  },
  maxBodyBytes: {
    type: 'integer',
    default: 16 * MIB,
    min: 1024,
    max: 1024 * MIB,
    doc: 'Largest request body; above it 413.',
  },
  maxBufferedBytes: {
    type: 'integer',
    default: 64 * MIB,
    min: MIB,
    max: 1024 * 1024 * MIB,
    doc: 'Bytes of all bodies held at once, from arrival to answer; above it 429.',
  },
  maxImagePixels: {
    type: 'integer',
    default: 50_000_000,
    min: 1,
    max: 1_000_000_000,
    doc: 'Largest image, checked before it is decoded; above it 413.',
  },
  maxImageSide: {
    type: 'integer',
    default: 16_384,
    min: 1,
    max: 1_000_000,
    doc: 'Longest width or height of an image, pixels, checked before it is decoded; above it 413.',
  },
  maxImagesPerRequest: {
    type: 'integer',
    default: 32,
    min: 1,
    max: 100_000,
    doc: 'Images in one request at most; above it 413.',
  },
  requestTimeoutMs: {
    type: 'integer',
    default: 60_000,
    min: 1,
    max: DAY_MS,
    doc: 'Time for a whole request; x-request-timeout-ms can only shorten it. After it 504.',
  },
  headersTimeoutMs: {
    type: 'integer',
    default: 10_000,
    min: 1,
    max: DAY_MS,
    doc: 'Time for the request line and headers; after it 408.',
  },
  bodyTimeoutMs: {
    type: 'integer',
    default: 30_000,
    min: 1,
    max: DAY_MS,
    doc: 'Time for the body, from the end of the headers; after it 408.',
  },
  writeTimeoutMs: {
    type: 'integer',
    default: 10_000,
    min: 1,
    max: DAY_MS,
    doc: 'A client that takes nothing of its answer in this time is disconnected.',
  },
  decodeTimeoutMs: {
    type: 'integer',
    default: 2000,
    min: 1,
    max: DAY_MS,
    doc: 'Time for decoding one image, whatever the format; after it 413 for that image, and its worker is replaced.',
  },
  workerTimeoutMs: {
    type: 'integer',
    default: 30_000,
    min: 1,
    max: DAY_MS,
    doc: 'A worker that does not answer in this time is ended and replaced.',
  },
  drainDelayMs: {
    type: 'integer',
    default: 0,
    min: 0,
    max: DAY_MS,
    doc: 'After SIGTERM, how long to serve on while /readyz already says 503.',
  },
  drainTimeoutMs: {
    type: 'integer',
    default: 30_000,
    min: 0,
    max: DAY_MS,
    doc: 'How long what has been accepted may take to finish at shutdown.',
  },
  debugEndpoints: {
    type: 'boolean',
    default: false,
    doc: 'Serve /debug/* even where the address is not a loopback one.',
  },
  exactDecode: {
    type: 'boolean',
    default: false,
    doc: "Decode every pixel of large images, so that scaled ones equal Pillow's to the bit. By default a JPEG far larger than the input of the model is scaled down while it is decoded, which changes probabilities by less than 0.02.",
  },
  fastDecode: {
    type: 'boolean',
    default: false,
    doc: 'Deprecated, without effect: scaling large JPEG images down while decoding them is the default now.',
  },
  logLevel: {
    type: 'string',
    default: 'info',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    doc: 'Least level of the JSON log lines on standard error.',
  },
  accessLog: { type: 'boolean', default: false, doc: 'Log every request (costs throughput).' },
} as const satisfies OptionTable;

export type ServeOptions = Options<typeof SERVE_OPTIONS>;
