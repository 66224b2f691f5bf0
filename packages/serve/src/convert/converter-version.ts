/** Part of the key of every cached graph: raise it with every change to what the converter writes. */
export const CONVERTER_VERSION = 3;
