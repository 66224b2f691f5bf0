/** What an image may measure; looked up in its header, before anything is decoded. */
export interface SizeLimits {
  readonly maxPixels: number;
  /** Of width and height each. A row alone costs memory: 50,000,000 x 1 pixels are 6 kB as PNG, and 679 MB to decode. */
  readonly maxSide: number;
}

export function exceeds(
  { width, height }: { readonly width: number; readonly height: number },
  { maxPixels, maxSide }: SizeLimits,
): boolean {
  return width * height > maxPixels || Math.max(width, height) > maxSide;
}
