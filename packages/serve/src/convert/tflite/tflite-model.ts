import { conversionError } from '../conversion-error.js';
import { FlatTable } from './flat-table.js';
import { operatorName } from './operator-names.js';

/** Codes of the schema's TensorType that this project meets. */
export const TENSOR_TYPE = { int32: 2, uint8: 3, int8: 9 } as const;

export interface TfliteTensor {
  /** Unique in the file, and short enough to be read in a graph viewer. */
  readonly name: string;
  /** NHWC where it is an image. */
  readonly shape: readonly number[];
  readonly type: number;
  /** real = scale * (stored - zeroPoint); one pair, or one for each index of the dimension `axis`. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
  /** Little-endian; empty where the tensor is worked out at run time. */
  readonly data: Uint8Array;
}

export interface TfliteOperator {
  /** As in the schema: `CONV_2D`. */
  readonly name: string;
  readonly inputs: readonly TfliteTensor[];
  readonly outputs: readonly TfliteTensor[];
  /** The operator's own options; their fields are numbered as in the schema. */
  readonly options: FlatTable | null;
}

export interface TfliteModel {
  readonly inputs: readonly TfliteTensor[];
  readonly outputs: readonly TfliteTensor[];
  /** In the order in which they run. */
  readonly operators: readonly TfliteOperator[];
}

const IDENTIFIER = 'TFL3';
const CODE_BEYOND_INT8 = 127;

/**
 * @throws UserError (exit code 3) for a file that is no TFLite model; RangeError where it ends before what it
 *   promises, here or when an operator's options are read
 */
export function readTfliteModel(file: Uint8Array): TfliteModel {
  if (new TextDecoder().decode(file.subarray(4, 8)) !== IDENTIFIER) {
    throw conversionError(`the file is not a TFLite model: it lacks the identifier "${IDENTIFIER}"`);
  }
  const model = FlatTable.root(file);
  const names = model.tables(1).map(readOperatorName);
  const buffers = model.tables(4);
  const subgraphs = model.tables(2);
  const [graph] = subgraphs;
  if (graph === undefined || subgraphs.length > 1) {
    throw conversionError(`the TFLite file has ${subgraphs.length} graphs; one is expected`);
  }

  const tensors = graph.tables(0).map((table, index) => readTensor(table, index, buffers));
  const tensorAt = (index: number) => at(tensors, index, 'tensor');
  return {
    inputs: graph.int32s(1).map(tensorAt),
    outputs: graph.int32s(2).map(tensorAt),
    operators: graph.tables(3).map((table) => ({
      name: at(names, table.int32(0), 'operator code'),
      // -1 stands for an optional input that is left out.
      inputs: table
        .int32s(1)
        .filter((index) => index >= 0)
        .map(tensorAt),
      outputs: table.int32s(2).map(tensorAt),
      options: table.table(4),
    })),
  };
}

function readOperatorName(table: FlatTable): string {
  // Codes outgrew a byte: the old field holds 127 at most, the new one is absent in old files.
  const oldCode = table.int8(0);
  const code = oldCode < CODE_BEYOND_INT8 ? oldCode : table.int32(3, oldCode);
  return operatorName(code, table.string(1));
}

function readTensor(table: FlatTable, index: number, buffers: readonly FlatTable[]): TfliteTensor {
  const quantization = table.table(4);
  const lastWord = table.string(3).split(/[/;]/).at(-1);
  return {
    name: `${lastWord || 'tensor'}_${index}`,
    shape: table.int32s(0),
    type: table.int8(1),
    scales: quantization?.float32s(2) ?? [],
    zeroPoints: quantization?.int64s(3) ?? [],
    axis: quantization?.int32(6) ?? 0,
    data: at(buffers, table.int32(2), 'buffer').bytes(0),
  };
}

function at<T>(list: readonly T[], index: number, what: string): T {
  const element = list[index];
  if (element === undefined) throw new RangeError(`there is no ${what} ${index}`);
  return element;
}
