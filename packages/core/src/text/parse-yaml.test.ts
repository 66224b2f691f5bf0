import { describe, expect, it } from 'vitest';
import { parseYaml, YamlError } from './parse-yaml.js';

it('reads YAML and JSON', () => {
  expect(parseYaml('serve:\n  port: 8080 # usual\n')).toEqual({ serve: { port: 8080 } });
  expect(parseYaml('{"serve": {"port": 8080}}')).toEqual({ serve: { port: 8080 } });
  expect(parseYaml('')).toBeNull();
});

it.each([
  ['a: [1, 2\nb: 3\n', /^Flow sequence .* at line 2, column 1$/],
  ['a: 1\na: 2\n', /^Map keys must be unique at line 2, column 1$/],
  ['a: *b\n', /^Unresolved alias .* b$/],
])('says what is wrong with %j, on one line', (text, message) => {
  expect(() => parseYaml(text)).toThrow(YamlError);
  expect(() => parseYaml(text)).toThrow(message);
});

// With its errors shown in full, the parser takes minutes over some of these, and aborts the process over others.
describe('text that is nothing but faults is refused', () => {
  const length = 50_000;
  it.each(['[', ']', '{', '[]', '- ', '? ', 'a: ', '&a ', '!a ', '*a ', '[,'])(
    '%j, again and again',
    (part) => {
      expect(() => parseYaml(`a: [x${part.repeat(length / part.length)}`)).toThrow(YamlError);
    },
  );
});

// make fuzz TARGET=config SEED=151515 CASE=2622: 3 million characters of aliases took more than a minute.
it('refuses a text that is far longer than configuration is, whatever it holds', () => {
  const text = `a: &a [x]\nb: [${'*a, '.repeat(750_000)}]\n`;
  expect(() => parseYaml(text)).toThrow(/^\d+ characters are more than the 200000 that are read$/);
});
