import { readFileSync } from 'node:fs';
import { PEERS } from '@servelab/lab';
import { CHECKOUT } from '../../fixtures/checkout.js';
import { containersOf, podsOf } from '../pods.js';
import { type Rule, unless } from './rule.js';

const { version } = JSON.parse(readFileSync(`${CHECKOUT}package.json`, 'utf8')) as {
  readonly version: string;
};

/** What scripts/build-images.sh builds. */
export const IMAGES: readonly string[] = ['servelab', 'locust', ...PEERS.map(({ name }) => name)].map(
  (name) => `servelab/${name}:${version}`,
);

/** Only images of this version, which a cluster that has them does not look for elsewhere. */
export const imagesAreOurs: Rule = (objects) =>
  podsOf(objects)
    .flatMap(containersOf)
    .flatMap(({ where, container: { image, imagePullPolicy } }) => [
      ...unless(
        IMAGES.includes(image),
        `${where} has the image ${image}, which is none of ${IMAGES.join(', ')}`,
      ),
      ...unless(imagePullPolicy === 'IfNotPresent', `${where} always pulls its image`),
    ]);
