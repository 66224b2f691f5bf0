import sharp from 'sharp';
import type { Picture } from './generated-pictures.js';
import type { Crop, ImageSize } from './image-mix.js';

/** The JPEG encoder is part of what a corpus depends on. */
export const ENCODER_VERSION = `sharp ${sharp.versions.sharp} vips ${sharp.versions.vips}`;

export async function decodePicture(path: string): Promise<Picture> {
  const { data, info } = await sharp(path)
    .rotate()
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** Cuts the crop out of the picture, scales it to `size` and encodes it as JPEG. */
export async function encodeCrop(picture: Picture, crop: Crop, size: ImageSize): Promise<Buffer> {
  const { width, height, pixels } = picture;
  const { left, top } = crop;
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .extract({ left, top, width: crop.width, height: crop.height })
    .resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' })
    .jpeg({ quality: crop.quality })
    .toBuffer();
}
