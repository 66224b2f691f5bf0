export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How an image is brought to the model's square: scaled, then a square of the model's size cut out of it. */
export interface Placement {
  readonly scaled: Size;
  /** Upper left corner of the square in the scaled image. */
  readonly left: number;
  readonly top: number;
  /** Side of the square. */
  readonly size: number;
}

/**
 * @param size side of the model's input, pixels
 * @param cropRatio undefined: the whole image is stretched to the square. A share (0.875 for 224 of 256): the
 *   shorter side becomes size / cropRatio, and the centre is cut out. To the pixel as torchvision's `Resize` and
 *   `CenterCrop` have it on a Pillow image: sides are rounded down, margins to the nearest, halves to even.
 */
export function placement({ width, height }: Size, size: number, cropRatio?: number): Placement {
  if (cropRatio === undefined) return { scaled: { width: size, height: size }, left: 0, top: 0, size };
  const shorter = Math.floor(size / cropRatio);
  const scaled =
    width <= height
      ? { width: shorter, height: Math.floor((shorter * height) / width) }
      : { width: Math.floor((shorter * width) / height), height: shorter };
  return { scaled, left: halfOf(scaled.width - size), top: halfOf(scaled.height - size), size };
}

/** Whether the square is the image itself: then decoding is all there is to do. */
export function isWholeImage({ scaled, size }: Placement, { width, height }: Size): boolean {
  return width === size && height === size && scaled.width === size && scaled.height === size;
}

/** Python's `round(margin / 2)`: 1 gives 0, 3 gives 2, 5 gives 2. */
function halfOf(margin: number): number {
  const floor = margin >> 1;
  return margin % 2 === 1 && floor % 2 === 1 ? floor + 1 : floor;
}
