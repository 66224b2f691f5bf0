import { expect, it } from 'vitest';
import { conclusion, type Finding, renderFindings } from './findings.js';

const finding = (name: string, ok: boolean, weight: Finding['weight']): Finding => ({
  name,
  ok,
  weight,
  found: ok ? 'there' : 'not found',
  fix: `install ${name}`,
});

it.each<[findings: Finding[], sentence: string]>([
  [[finding('node', true, 'required')], 'servelab works here.'],
  [[finding('node', true, 'required'), finding('docker', false, 'optional')], 'servelab works here.'],
  [[finding('taskset', false, 'recommended')], 'servelab works here, with limits: taskset missing.'],
  [
    [finding('node', false, 'required'), finding('taskset', false, 'recommended')],
    'servelab cannot work here yet: node missing.',
  ],
])('concludes from what is missing', (findings, sentence) => {
  expect(conclusion(findings)).toBe(sentence);
});

it('shows the fix only for what is missing', () => {
  const text = renderFindings([finding('node', true, 'required'), finding('docker', false, 'optional')]);
  expect(text).toContain('optional: install docker');
  expect(text).not.toContain('install node');
});
