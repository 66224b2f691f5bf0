/** An image as it lies on disk. */
export interface ImageFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface EncodedBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}
