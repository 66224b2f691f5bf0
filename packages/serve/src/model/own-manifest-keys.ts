/** What each key of a manifest may be, as errors say it; docs/your-model.md has a line for each. */
export const OWN_MANIFEST_KEYS = {
  name: 'lower-case letters, digits, ".", "_" and "-", at most 64, not ending like a file',
  description: 'a text',
  licence: 'a text',
  source: 'the ONNX file: a path that starts at the manifest, or an http(s) URL',
  sha256:
    'the sha256 of the ONNX file, 64 hexadecimal digits; "servelab model add" tells it where it is missing',
  precision: 'f32 or int8: what the graph computes with',
  input: 'a mapping with size, layout and dtype',
  'input.name': "the name of the graph's input; not needed where there is only one",
  'input.size': 'the side of the square input in pixels, from 1 to 2048',
  'input.layout': 'nhwc or nchw',
  'input.dtype': 'uint8 or float32',
  'input.scale': 'a number that pixel values of 0 to 255 are multiplied with (default 1/255)',
  'input.mean': 'three numbers, red, green and blue, taken off after scaling',
  'input.std': 'three numbers above 0, red, green and blue, divided by after that',
  resize: 'stretch or center-crop',
  crop_ratio: 'a number from 0.1 to 1: size divided by the shorter side of the scaled image (default 0.875)',
  labels: 'a file or URL with a name a line, {file, sha256}, or a list of at least two names',
  'labels.file': 'a path that starts at the manifest, or an http(s) URL',
  'labels.sha256': 'the sha256 of the file of labels, 64 hexadecimal digits',
  classes: 'how many classes there are, a whole number from 2',
  top_k: 'how many classes are answered, from 1 to 1000',
  softmax: 'true where the graph gives logits, false where it gives probabilities',
  output: "the name of the graph's output; not needed where there is only one",
} as const satisfies Record<string, string>;

export type OwnManifestKey = keyof typeof OWN_MANIFEST_KEYS;
