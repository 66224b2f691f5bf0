import { expect, it } from 'vitest';
import { BATCH_RULE_TEXT, batchRuleText } from './batch-rules.js';

it('explains the rules of servelab, and shows others by their name', () => {
  expect(BATCH_RULE_TEXT).toMatchSnapshot();
  expect(batchRuleText('worker-free')).toBe(BATCH_RULE_TEXT['worker-free']);
  expect(batchRuleText('moon-is-full')).toBe('moon-is-full');
  expect(batchRuleText('constructor')).toBe('constructor');
});
