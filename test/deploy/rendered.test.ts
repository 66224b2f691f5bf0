import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS, podContainer } from '@servelab/lab';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { imageName } from '../../packages/cli/src/smoke/deployments.js';
import { CHECKOUT } from '../fixtures/checkout.js';
import { ofKind } from './kubernetes-object.js';
import { KUBECTL_MISSING, render } from './overlays.js';

const RENDERED = join(CHECKOUT, 'deploy', 'k8s', 'rendered', 'base.yaml');
const kept = () => parseAllDocuments(readFileSync(RENDERED, 'utf8')).map((document) => document.toJS());

describe('the rendered base, which make smoke reads', () => {
  it('is what kubectl renders: kubectl kustomize deploy/k8s/base > deploy/k8s/rendered/base.yaml', ({
    skip,
  }) => {
    if (KUBECTL_MISSING !== null) skip(KUBECTL_MISSING);
    expect(kept()).toEqual(render('base'));
  });

  it('has a container of every image that can be run with all that its Deployment says', () => {
    const images = ofKind(kept(), 'Deployment').map((object) => imageName(podContainer(object).image));
    expect(images.sort()).toEqual(['locust', 'servelab', ...PEERS.map(({ name }) => name)].sort());
  });
});
