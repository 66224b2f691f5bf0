import type { Check, CheckId } from '@servelab/core';
import { checkIdSchema } from '@servelab/core/report-schema';
import { expect, it } from 'vitest';
import { CHECK_SPECS } from '../analyse/checks/check.js';
import {
  checkFix,
  checkLimitText,
  checkTitle,
  checkValueText,
  failedCheckText,
  scopeText,
} from './checks.js';

const IDS = checkIdSchema.options;
const PARAMS: Partial<Record<CheckId, Check['params']>> = {
  'run-completed': { state: 'interrupted' },
  'stack-running': { failure: 'exited with code 1' },
  'golden-images': { checked: 58 },
  'cache-probe': { change_pct: -95.04, ci95_low_pct: -95.4, ci95_high_pct: -94.6 },
  'latency-drift': { direction: 'slower' },
  unknown: { rule: 'an older sentence', value: 'much', limit: 'little', fix: 'Try again.' },
};

function failed(id: CheckId, more: Check['params'] = {}): Omit<Check, 'where'> {
  return { id, ...CHECK_SPECS[id], value: 0.12345, limit: 57, params: { ...PARAMS[id], ...more }, ok: false };
}

it('says what was checked, what was found and what to do', () => {
  const said = IDS.map((id) => [id, failedCheckText(failed(id)), checkFix(failed(id))]);
  expect(said).toMatchSnapshot();
});

it('says what to do with the files of another tool', () => {
  const imported = IDS.map((id) => failed(id, { tool: 'locust' }));
  const unlike = imported.filter((check) => checkFix(check) !== checkFix(failed(check.id)));
  expect(unlike.map((check) => [check.id, checkFix(check)])).toMatchSnapshot();
  expect(checkFix({ ...failed('latency-drift', { tool: 'k6' }), value: null })).toMatch(/servelab load/);
});

it('tells a drift to faster from one to slower', () => {
  const [slower, faster] = ['slower', 'faster'].map((direction) => failed('latency-drift', { direction }));
  expect(checkFix(slower ?? failed('unknown'))).not.toBe(checkFix(faster ?? failed('unknown')));
});

it('shows values that are not plain numbers in their own form', () => {
  const golden = { ...failed('golden-images'), value: 57, limit: 58 };
  expect([checkValueText(golden), checkLimitText(golden)]).toEqual(['57 of 58', '58 of 58']);
  const little = { ...failed('littles-law'), value: 0.684, limit: 0.05 };
  expect([checkValueText(little), checkLimitText(little)]).toEqual(['0.684', '1 +- 0.05']);
  expect(checkValueText({ ...failed('stack-running'), value: 1, ok: true })).toBe('up');
  expect(checkValueText({ ...failed('client-rate'), value: null })).toBe('not measured');
  expect(checkTitle(failed('unknown'))).toBe('an older sentence');
});

it('names the run, a stack, or a stack at a load', () => {
  const stack = { stack: 'servelab:none', workload: 'photographs' };
  expect([
    scopeText({ scope: 'run' }),
    scopeText({ scope: 'stack', ...stack }),
    scopeText({ scope: 'point', ...stack, load: { mode: 'closed', concurrency: 8 } }),
    scopeText({ scope: 'other', text: 'somewhere' }),
  ]).toEqual(['run', 'servelab:none, photographs', 'servelab:none, photographs, 8 at a time', 'somewhere']);
});
