/** Entry of the thread that works plans out: a question comes in, a plan goes out. */
import { parentPort } from 'node:worker_threads';
import { choosePlan, type PlanQuestion } from '../schedule/optimal/choose-plan.js';

parentPort?.on('message', (question: PlanQuestion) => parentPort?.postMessage(choosePlan(question)));
