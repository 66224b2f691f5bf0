import { describe, expect, it } from 'vitest';
import { parseStackName } from './stack-name.js';

describe('parseStackName', () => {
  it.each<[text: string, name: string, form: string, policy: string, precision: string]>([
    ['servelab', 'servelab:optimal', '', 'optimal', 'f32'],
    ['servelab:none', 'servelab:none', '', 'none', 'f32'],
    ['servelab:none@f32', 'servelab:none', '', 'none', 'f32'],
    ['servelab:fixed-window@int8', 'servelab:fixed-window@int8', '', 'fixed-window', 'int8'],
    ['servelab@int8', 'servelab:optimal@int8', '', 'optimal', 'int8'],
    ['servelab/exact', 'servelab/exact:optimal', 'exact', 'optimal', 'f32'],
    ['servelab/exact:none@int8', 'servelab/exact:none@int8', 'exact', 'none', 'int8'],
  ])('%s is our own %s', (text, name, form, policy, precision) => {
    expect(parseStackName(text)).toEqual({ kind: 'servelab', name, form, policy, precision });
  });

  it.each<[text: string, name: string, peer: string, form: string, precision: string]>([
    ['bentoml', 'bentoml/tuned', 'bentoml', 'tuned', 'f32'],
    ['bentoml@int8', 'bentoml/tuned@int8', 'bentoml', 'tuned', 'int8'],
    ['rayserve/tuned@f32', 'rayserve/tuned', 'rayserve', 'tuned', 'f32'],
    ['fastapi/seeds', 'fastapi/seeds', 'fastapi', 'seeds', 'f32'],
    ['litserve/seeds@f32', 'litserve/seeds', 'litserve', 'seeds', 'f32'],
  ])('%s is the peer %s', (text, name, peer, form, precision) => {
    expect(parseStackName(text)).toMatchObject({ kind: 'peer', name, peer: { name: peer }, form, precision });
  });

  it.each<[text: string, name: string, batches: boolean]>([
    ['bentoml/seeds', 'bentoml/seeds', true],
    ['bentoml/seeds:none', 'bentoml/seeds:none', false],
    ['rayserve:none@int8', 'rayserve/tuned:none@int8', false],
    ['fastapi/seeds', 'fastapi/seeds', false],
    ['fastapi/seeds:none', 'fastapi/seeds', false],
  ])('%s is %s, which batches: %s', (text, name, batches) => {
    expect(parseStackName(text)).toMatchObject({ kind: 'peer', name, batches });
  });

  it.each([
    ['flask', 'there is no stack "flask"'],
    ['servelab:magic', 'there is no policy "magic"'],
    ['servelab@f16', 'there is no precision "f16"'],
    ['servelab/tuned', 'there is no form "tuned"'],
    ['fastapi/fast', 'there is no form "fast"'],
    ['fastapi@f16', 'there is no precision "f16"'],
    ['bentoml:greedy', 'BentoML batches in its own way'],
    ['fastapi/seeds@int8', 'the Keras model, which is f32'],
    ['Servelab!', 'is not the name of a stack'],
  ])('refuses %s', (text, message) => {
    expect(() => parseStackName(text)).toThrow(message);
  });
});
