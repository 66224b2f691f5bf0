/** What may run a model: execution providers of ONNX Runtime, by its names for them. */
export const DEVICES = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const;
export type Device = (typeof DEVICES)[number];

/** A device that was asked for, and what keeps it from running the model. */
export interface UnusableDevice {
  readonly device: Device;
  readonly reason: string;
}

/** What runs the model, and what was asked for before it. */
export interface DeviceUse {
  readonly device: Device;
  /** Nodes of the graph as the device has it; null on the CPU, where nobody counts. */
  readonly nodes: number | null;
  /** Those of them that it leaves to the CPU. */
  readonly nodesOnCpu: number;
  /** In the order in which they were tried. */
  readonly unusable: readonly UnusableDevice[];
}
