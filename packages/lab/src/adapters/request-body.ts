/** An image as it lies on disk. */
export interface ImageFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Its place among the images of a load, from 0. */
  readonly index?: number;
}

export interface EncodedBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}
