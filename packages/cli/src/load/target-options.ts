import type { OptionTable } from '@servelab/core';

/** Where images go, how they travel, and what a right answer is. */
export const TARGET_OPTIONS = {
  url: {
    type: 'string',
    default: null,
    placeholder: 'URL',
    doc: 'Where to send, for the configuration file: the URL of the command line comes first. Credentials in it are sent as Basic authentication and never shown.',
  },
  method: {
    type: 'string',
    default: 'POST',
    choices: ['POST', 'PUT', 'PATCH', 'GET'],
    doc: 'A GET has no body; {{image_name}} and {{index}} may stand in the URL.',
  },
  header: {
    type: 'list',
    default: null,
    repeated: true,
    placeholder: "'NAME: VALUE'",
    doc: 'Sent with every request; given once for each. A Content-Type takes the place of the usual one.',
  },
  insecure: {
    type: 'boolean',
    default: false,
    doc: 'Send to an https server without checking its certificate; the result says so.',
  },
  image: {
    type: 'string',
    default: null,
    placeholder: 'FILE|DIR',
    doc: 'Send this image, or all of a folder in turn; what cannot be sent there is skipped and named (default: 256 crops of photographs).',
  },
  recursive: {
    type: 'boolean',
    default: false,
    doc: 'With a folder: the images of its sub-folders too.',
  },
  body: {
    type: 'string',
    default: 'multipart',
    choices: ['multipart', 'json', 'raw'],
    doc: 'How an image travels: a multipart part, base64 in JSON, or as the body itself.',
  },
  field: {
    type: 'string',
    default: null,
    placeholder: 'NAME',
    doc: 'Name of the multipart part (default: file) or of the JSON field (default: image_base64).',
  },
  bodyTemplate: {
    type: 'string',
    default: null,
    orJson: true,
    placeholder: 'FILE|TEXT',
    doc: 'Instead of --body: a text in which {{image_base64}}, {{image_name}} and {{index}} stand for the image, or a file with one.',
  },
  expect: {
    type: 'string',
    default: null,
    placeholder: 'CLASS|VALUE',
    doc: 'Every answer must put this class first or, with --expect-path, have this value there; others count as wrong (default: any 2xx is ok).',
  },
  expectPath: {
    type: 'string',
    default: null,
    placeholder: 'PATH',
    doc: 'Every answer must have something at this JSONPath (RFC 9535), such as $.predictions[0].class; others count as wrong.',
  },
} as const satisfies OptionTable;
