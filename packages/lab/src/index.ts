export { type Adapter, type AdapterSpec, createAdapter } from './adapters/adapter.js';
export { judgeTry, type RateTry } from './analyse/judge-try.js';
export { parseSlo, type Slo } from './analyse/slo.js';
export { compareRuns } from './compare/compare-runs.js';
export { comparisonMarkdown, comparisonText, goneWords, passes } from './compare/comparison-words.js';
export { unlikeParts } from './compare/fingerprints.js';
export { readReport } from './compare/read-report.js';
export { type Docker, openDocker } from './containers/docker.js';
export { type PodContainer, podContainer } from './containers/pod-container.js';
export { requireImages, type SmokeOutcome, smokeImage } from './containers/smoke-image.js';
export {
  type Corpus,
  type CorpusRequest,
  knownPhotographs,
  loadCorpus,
} from './corpus/load-corpus.js';
export { askEach } from './experiment/ask.js';
export type { BenchEvent, BenchObserver } from './experiment/bench-event.js';
export { BENCH_OPTIONS } from './experiment/bench-options.js';
export { closedCapacity } from './experiment/calibrate.js';
export { checkGolden, type GoldenImage } from './experiment/golden-check.js';
export { measureLevel, pointAlone, sampleAlone } from './experiment/load-test.js';
export {
  type BenchRequest,
  planExperiment,
  understandBench,
  withoutStacks,
} from './experiment/plan-experiment.js';
export { runExperiment } from './experiment/run-experiment.js';
export { importReport } from './imported/import-report.js';
export { readLoads } from './imported/read-loads.js';
export { answerCheck } from './load/answer-check.js';
export { buildRequest } from './load/http-request.js';
export type {
  DriverProgress,
  LoadPlan,
  LoadResult,
  LoadShape,
  PlannedImage,
} from './load/load-plan.js';
export { readTrace } from './load/plan-arrivals.js';
export { runDriver } from './load/run-driver.js';
export { findCores, moveToClientCores } from './machine/cores.js';
export { takeFingerprint } from './machine/fingerprint.js';
export { findEnvironment, pythonVersion } from './peers/environment.js';
export { findPythonTools, requirePythonTools } from './peers/find-python.js';
export { type InstallEvent, install } from './peers/install.js';
export { makeKerasModel } from './peers/keras-model.js';
export { PEER_FORMS, type Peer } from './peers/peer.js';
export { PEER_TITLES, PEERS } from './peers/peers.js';
export { readRecords, recordsOf } from './record/record-reader.js';
export type * from './record/request-record.js';
export type * from './record/run-folder.js';
export { capacityWords } from './report/capacity-column.js';
export { importedSummary, writeImported } from './report/imported/write-imported.js';
export { markdownText } from './report/markdown-text.js';
export { terminalSummary } from './report/terminal-summary.js';
export { alignedTable } from './report/text-tables.js';
export { writeReports } from './report/write-reports.js';
export type { RateSearch } from './search/find-rate.js';
export { findKnee } from './search/knee.js';
export {
  DEFAULT_SLO,
  planRateSearch,
  type RateSearchResult,
  START_SHARE,
  searchRate,
  tryDurationUs,
} from './search/search-rate.js';
export { ALL_STACKS, expandAll } from './stacks/all-stacks.js';
export { buildStack, type PeerParts } from './stacks/build-stacks.js';
export { addressOf, KNOWN_PORTS, type KnownPort } from './stacks/known-ports.js';
export { readOwnServers } from './stacks/own/read-own-servers.js';
export { runPeer } from './stacks/run-peer.js';
export { type RunningForm, runningForm } from './stacks/running-form.js';
export { SERVELAB_STACKS } from './stacks/servelab-stacks.js';
export { type RunningStack, type Stack, StackFailure } from './stacks/stack.js';
export { parseStackName } from './stacks/stack-name.js';
export { startServelab } from './stacks/start-servelab.js';
export { PHOTOGRAPHS } from './stacks/workload-kind.js';
export { loadLabel } from './text/load-label.js';
export { k6, k6Version } from './tools/k6.js';
export type { LoadTool, ToolLoad } from './tools/load-tool.js';
export { locust } from './tools/locust.js';
export { runTool } from './tools/run-tool.js';
