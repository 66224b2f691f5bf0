import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors/error-table.js';

const probability = z.number().min(0).max(1);
const status = z.int().nonnegative();
const code = z.enum(Object.keys(ERRORS) as ErrorCode[]);

/** One class with its probability, as every stack answers it. */
const classPredictionSchema = z.object({
  class_id: z.int().nonnegative().describe('From 0, in the order of the labels of the model'),
  class_name: z.string(),
  confidence: probability,
});
export type ClassPrediction = z.infer<typeof classPredictionSchema>;

/** The answer for one image: five predictions (a manifest may have another number), most probable first. */
export const imagePredictionSchema = z.object({
  predictions: z.array(classPredictionSchema).min(1),
  top_prediction: z.string(),
  confidence: probability,
});
export type ImagePrediction = z.infer<typeof imagePredictionSchema>;

/** The error of one image among several: the others are answered all the same. */
const imageErrorSchema = z.object({ error: z.object({ code, status, title: z.string() }) });
export type ImageError = z.infer<typeof imageErrorSchema>;

/** The answer to a request with several images, in request order. */
export const predictionResultsSchema = z.object({
  results: z.array(z.xor([imagePredictionSchema, imageErrorSchema])),
});
export type PredictionResults = z.infer<typeof predictionResultsSchema>;

/** RFC 9457 problem details; `code` is stable and `request_id` finds the line in the log. */
export const problemDetailsSchema = z.object({
  type: z.string(),
  title: z.string(),
  status,
  code,
  detail: z.string(),
  request_id: z.string(),
});
export type ProblemDetails = z.infer<typeof problemDetailsSchema>;
