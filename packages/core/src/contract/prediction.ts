import type { ErrorCode } from '../errors/error-table.js';

/** One class with its probability, as every stack answers it. `class_id` counts from 0 over the model's classes. */
export interface ClassPrediction {
  class_id: number;
  class_name: string;
  confidence: number;
}

/** The answer for one image: five predictions (a model of one's own may say otherwise), most probable first. */
export interface ImagePrediction {
  predictions: ClassPrediction[];
  top_prediction: string;
  confidence: number;
}

/** The error of one image among several: the others are answered all the same. */
export interface ImageError {
  error: { code: ErrorCode; status: number; title: string };
}

/** The answer to a request with several images, in request order. */
export interface PredictionResults {
  results: (ImagePrediction | ImageError)[];
}

/** RFC 9457 problem details; `code` is stable and `request_id` finds the line in the log. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  request_id?: string;
}
