/** A variable that Kubernetes set for a Service, under the name of an option. */
export interface ServiceLink {
  readonly variable: string;
  readonly text: string;
}

/**
 * For every Service of its namespace a pod is given variables made of the Service's name: one named `servelab` gives
 * `SERVELAB_PORT=tcp://10.0.0.1:8080`, one named `servelab-metrics` gives `SERVELAB_METRICS_PORT`. Docker's old links
 * did the same. The others of the family (`..._SERVICE_HOST`, `..._PORT_8080_TCP` and on) are names of no option.
 */
export function isServiceLink(variable: string, text: string | undefined): text is string {
  return text !== undefined && variable.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\/\S+:\d+$/i.test(text);
}
