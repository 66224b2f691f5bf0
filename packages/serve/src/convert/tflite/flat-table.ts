/**
 * One table of a FlatBuffers file, read in place: little-endian, fields by their number in the schema.
 *
 *     position --> [ i32 back to vtable | fields ... ]
 *     vtable   --> [ u16 size | u16 table size | u16 offset of field 0, 0 if absent | field 1 | ... ]
 *
 * Every read is checked against the end of the file.
 *
 * @throws RangeError where the file ends before what it promises
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;

  private constructor(view: DataView, position: number) {
    this.#view = view;
    this.#position = position;
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  int8(field: number, otherwise = 0): number {
    const at = this.#locate(field);
    return at === null ? otherwise : this.#view.getInt8(at);
  }

  int32(field: number, otherwise = 0): number {
    const at = this.#locate(field);
    return at === null ? otherwise : this.#view.getInt32(at, true);
  }

  float32(field: number, otherwise = 0): number {
    const at = this.#locate(field);
    return at === null ? otherwise : this.#view.getFloat32(at, true);
  }

  table(field: number): FlatTable | null {
    const at = this.#locate(field);
    return at === null ? null : this.#tableAt(at);
  }

  tables(field: number): FlatTable[] {
    return this.#elements(field, 4, (at) => this.#tableAt(at));
  }

  int32s(field: number): number[] {
    return this.#elements(field, 4, (at) => this.#view.getInt32(at, true));
  }

  /** As numbers: zero points and the like, never beyond 2^53. */
  int64s(field: number): number[] {
    return this.#elements(field, 8, (at) => Number(this.#view.getBigInt64(at, true)));
  }

  float32s(field: number): number[] {
    return this.#elements(field, 4, (at) => this.#view.getFloat32(at, true));
  }

  bytes(field: number): Uint8Array {
    const { at, count } = this.#vector(field, 1);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, count);
  }

  string(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  /** Position of a field's value, null where the file leaves the field at its default. */
  #locate(field: number): number | null {
    const vtable = this.#position - this.#view.getInt32(this.#position, true);
    const slot = 4 + 2 * field;
    if (slot >= this.#view.getUint16(vtable, true)) return null;
    const offset = this.#view.getUint16(vtable + slot, true);
    return offset === 0 ? null : this.#position + offset;
  }

  #tableAt(at: number): FlatTable {
    return new FlatTable(this.#view, at + this.#view.getUint32(at, true));
  }

  #vector(field: number, bytesAnElement: number): { at: number; count: number } {
    const reference = this.#locate(field);
    if (reference === null) return { at: 0, count: 0 };
    const start = reference + this.#view.getUint32(reference, true);
    const count = this.#view.getUint32(start, true);
    // Checked before anything is allocated: a damaged length may promise gigabytes.
    if (start + 4 + count * bytesAnElement > this.#view.byteLength) {
      throw new RangeError(`a vector of ${count} elements goes beyond the end of the file`);
    }
    return { at: start + 4, count };
  }

  #elements<T>(field: number, bytesAnElement: number, read: (at: number) => T): T[] {
    const { at, count } = this.#vector(field, bytesAnElement);
    return Array.from({ length: count }, (_, index) => read(at + index * bytesAnElement));
  }
}
