import { usageError } from '@servelab/core';
import { fillPlaceholders, hasPlaceholder } from './placeholders.js';
import type { EncodedBody, ImageFile } from './request-body.js';

const JSON_TYPE = /^application\/(.+\+)?json\b/i;
const SAMPLE: ImageFile = { name: 'image.jpg', bytes: new Uint8Array([0]), index: 0 };

/**
 * Writes bodies from a text in which `{{image_base64}}`, `{{image_name}}` and `{{index}}` stand for the image.
 * In JSON the name is escaped as JSON asks; the other two need no escape anywhere.
 *
 * @throws UserError (exit code 2) at once for a template that has no placeholder or an unknown one, or that is
 * to be JSON and is none once it is filled in
 */
export function templateEncoder(template: string, contentType: string): (image: ImageFile) => EncodedBody {
  const isJson = JSON_TYPE.test(contentType);
  const fill = ({ name, bytes, index = 0 }: ImageFile) =>
    fillPlaceholders(template, {
      image_base64: () => Buffer.from(bytes).toString('base64'),
      image_name: () => (isJson ? JSON.stringify(name).slice(1, -1) : name),
      index: () => String(index),
    });
  if (!hasPlaceholder(template)) {
    throw usageError(
      'the body template has no placeholder, so no image would be sent',
      'Write {{image_base64}} where the image belongs.',
    );
  }
  const sample = fill(SAMPLE);
  if (isJson) requireJson(sample);
  return (image) => ({ contentType, bytes: Buffer.from(fill(image)) });
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw usageError(
      `the body template is not valid JSON once it is filled in: ${(error as Error).message}`,
      'Correct it ({{image_base64}} belongs in quotes), or give another type with --header "Content-Type: ...".',
    );
  }
}
