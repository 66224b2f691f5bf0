/** Rules of servelab's policies and its scheduler, by the name that a batch of `/debug/batches` has. */
export const BATCH_RULE_TEXT: Readonly<Record<string, string>> = {
  single: 'a free worker takes one image',
  full: 'a full batch is ready',
  'worker-free': 'a free worker takes all waiting images',
  'window-full': 'the window is full',
  'window-ended': 'the window ended',
  training: 'the policy measures the cost of batches',
  uncorked: 'a longer wait is not expected to pay',
  'planned-all': 'all waiting images together are best for this cost and rate',
  'planned-part': 'a part of the waiting images is best for this cost and rate',
  waited: 'no further images are expected in time',
  deadline: 'the earliest deadline allows no longer wait',
  'max-wait': 'an image has waited for the longest time allowed beside a free worker',
  retry: 'the images of a failed batch run again',
  other: 'the policy gives no rule',
};

/** A rule of another server, or of a custom policy, is shown by its name. */
export const batchRuleText = (rule: string): string =>
  Object.hasOwn(BATCH_RULE_TEXT, rule) ? (BATCH_RULE_TEXT[rule] ?? rule) : rule;
