/** Entry of the thread that works plans out: a question comes in, a plan goes out. */
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { choosePlan, type PlanQuestion } from '../schedule/policies/optimal/choose-plan.js';

// On Linux a priority is the thread's own, elsewhere the whole process's. A plan can wait, requests cannot, and both
// may have to share one core.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

parentPort?.on('message', (question: PlanQuestion) => parentPort?.postMessage(choosePlan(question)));
