import { z } from 'zod';

const positiveRate = z.number().positive();
const loadProfileSchema = z.discriminatedUnion('shape', [
  z
    .object({ shape: z.literal('step'), to_rps: positiveRate, steps: z.number().int().min(2) })
    .describe('levels of equal length and distance, from rate_rps to to_rps'),
  z
    .object({ shape: z.literal('ramp'), to_rps: positiveRate })
    .describe('a straight line from rate_rps to to_rps'),
  z
    .object({ shape: z.literal('spike'), to_rps: positiveRate, spike_s: z.number().positive() })
    .describe('to_rps for spike_s in the middle, rate_rps before and after it'),
  z.object({ shape: z.literal('soak') }).describe('rate_rps throughout, looked at for drift'),
  z
    .object({ shape: z.literal('replay'), trace: z.string() })
    .describe(
      'recorded arrivals: the name of their file; rate_rps is their mean, and arrivals is of the warm-up',
    ),
]);
export type LoadProfile = z.infer<typeof loadProfileSchema>;

export const loadSchema = z.object({
  mode: z.enum(['closed', 'open']),
  concurrency: z.number().int().positive().optional(),
  rate_rps: z.number().positive().optional(),
  arrivals: z.enum(['poisson', 'constant']).optional(),
  profile: loadProfileSchema
    .optional()
    .describe('how the rate changes while it is measured; absent: it does not'),
});
export type Load = z.infer<typeof loadSchema>;
