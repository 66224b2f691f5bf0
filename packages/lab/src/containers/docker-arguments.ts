import type { PodContainer } from './pod-container.js';

/**
 * What follows `docker`, so that the container runs as its Deployment says: the kubelet's way of saying it in Docker's.
 * Its port is published at a free one of the loopback interface.
 *
 * @param label put on the container, so that what was started can be found and removed
 */
export function dockerRunArguments(pod: PodContainer, name: string, label: string): string[] {
  const [program, ...rest] = pod.command;
  return [
    ...['run', '--detach', '--name', name, '--label', label],
    ...['--publish', `127.0.0.1::${pod.port}`],
    ...['--cpus', String(pod.cpus)],
    // As much swap as memory means none: Kubernetes gives a container no swap.
    ...['--memory', `${pod.memoryBytes}b`, '--memory-swap', `${pod.memoryBytes}b`],
    ...['--user', pod.user],
    ...['--security-opt', 'no-new-privileges'],
    ...(pod.readOnly ? ['--read-only'] : []),
    ...pod.droppedCapabilities.flatMap((capability) => ['--cap-drop', capability]),
    ...pod.scratch.flatMap(({ path, bytes }) => [
      '--tmpfs',
      `${path}:rw,nosuid,nodev,exec,size=${bytes},mode=1777`,
    ]),
    ...Object.entries(pod.environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...(program === undefined ? [] : ['--entrypoint', program]),
    pod.image,
    ...rest,
    ...pod.args,
  ];
}
