import { describe, expect, it } from 'vitest';
import { parseStackName } from './stack-name.js';

describe('parseStackName', () => {
  it.each<[text: string, name: string, policy: string, precision: string]>([
    ['servelab', 'servelab:greedy', 'greedy', 'f32'],
    ['servelab:none', 'servelab:none', 'none', 'f32'],
    ['servelab:none@f32', 'servelab:none', 'none', 'f32'],
    ['servelab:fixed-window@int8', 'servelab:fixed-window@int8', 'fixed-window', 'int8'],
    ['servelab@int8', 'servelab:greedy@int8', 'greedy', 'int8'],
  ])('%s is %s', (text, name, policy, precision) => {
    expect(parseStackName(text)).toMatchObject({ name, policy, precision });
  });

  it.each([
    ['flask', 'there is no stack "flask"'],
    ['servelab:magic', 'there is no policy "magic"'],
    ['servelab@f16', 'there is no precision "f16"'],
    ['servelab/tuned', 'servelab has no forms'],
    ['Servelab!', 'is not the name of a stack'],
  ])('refuses %s', (text, message) => {
    expect(() => parseStackName(text)).toThrow(message);
  });
});
