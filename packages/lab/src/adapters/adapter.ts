import { imageType } from './image-type.js';
import { jsonBody } from './json-body.js';
import { multipartBody } from './multipart-body.js';
import { type AnswerReading, readAnswer } from './read-answer.js';
import type { EncodedBody, ImageFile } from './request-body.js';
import { templateEncoder } from './template-body.js';

/**
 * How one stack is spoken to. `body`: how an image travels; `field`: the name of the multipart part (`file`
 * unless the stack insists on another, as BentoML's batchable endpoint does on `files`) or of the JSON field
 * (`image_base64`). `contentType` takes the place of the body's usual one; a multipart body needs its own.
 */
export type AdapterSpec =
  | { readonly body: 'multipart'; readonly field?: string }
  | { readonly body: 'json'; readonly field?: string; readonly contentType?: string }
  | { readonly body: 'raw'; readonly contentType?: string }
  | { readonly body: 'template'; readonly template: string; readonly contentType?: string };

/** Those that every stack of a comparison can be asked for. */
export type PlainBody = Exclude<AdapterSpec['body'], 'template'>;

export interface Adapter {
  /** The body of the request for one image; called before the timed part only. */
  encode(image: ImageFile): EncodedBody;
  /**
   * The top classes of a 2xx answer, most probable first, or what is wrong when it is not an answer for one image.
   *
   * @param contentEncoding the header, in small letters
   */
  read(body: Buffer, contentEncoding?: string): AnswerReading;
}

/** @throws UserError (exit code 2) for a template that cannot be filled in */
export function createAdapter(spec: AdapterSpec): Adapter {
  return { encode: encoder(spec), read: readAnswer };
}

function encoder(spec: AdapterSpec): Adapter['encode'] {
  switch (spec.body) {
    case 'multipart':
      return (image) => multipartBody(image, spec.field ?? 'file');
    case 'json': {
      const { field = 'image_base64', contentType = JSON_TYPE } = spec;
      return (image) => ({ contentType, bytes: jsonBody(image, field) });
    }
    case 'raw':
      return ({ name, bytes }) => ({
        contentType: spec.contentType ?? imageType(name),
        bytes: Buffer.from(bytes),
      });
    case 'template':
      return templateEncoder(spec.template, spec.contentType ?? JSON_TYPE);
  }
}

const JSON_TYPE = 'application/json';
