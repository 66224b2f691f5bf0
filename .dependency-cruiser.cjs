// The walls of the layout (see CONTRIBUTING.md): cli -> serve, lab -> node -> core; serve and lab never see each
// other, so that the referee shares no measuring code with a player.
const PACKAGE = (name) => `^packages/${name}/`;
const onlyIn = (name, folder, library) => ({
  name,
  severity: 'error',
  from: { path: '^packages/', pathNot: `^${folder}/` },
  to: { path: `node_modules/${library}(/|$)` },
});

/** Folders of a package, each with imports only from those before it. A new folder gets its place here. */
const FOLDERS_IN_ORDER = {
  lab: [
    ...[
      'csv',
      'machine',
      'adapters',
      'corpus',
      'pace',
      'text',
      'record',
      'process',
      'load',
      'peers',
      'stacks',
    ],
    ...['analyse', 'search', 'imported', 'tools', 'report', 'compare', 'experiment', 'containers'],
  ],
  cli: [
    'live',
    'images',
    'report',
    'compare',
    'smoke',
    'model',
    'stacks',
    'bench',
    'load',
    'loadtest',
    'doctor',
    'commands',
  ],
};
const oneWay = Object.entries(FOLDERS_IN_ORDER).flatMap(([name, folders]) => [
  {
    name: `folders-of-${name}-have-a-place`,
    severity: 'error',
    from: {},
    to: { path: `^packages/${name}/src/(?!(${folders.join('|')})/)[^/]+/` },
  },
  ...folders.slice(0, -1).map((folder, index) => ({
    name: `${name}-${folder}-imports-earlier-folders-only`,
    severity: 'error',
    from: { path: `^packages/${name}/src/${folder}/`, pathNot: '\\.test\\.ts$' },
    to: { path: `^packages/${name}/src/(${folders.slice(index + 1).join('|')})/` },
  })),
]);

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-a-leaf',
      severity: 'error',
      from: { path: PACKAGE('core') },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'node-sees-core-only',
      severity: 'error',
      from: { path: PACKAGE('node') },
      to: { path: '^packages/(?!core/|node/)' },
    },
    {
      name: 'serve-sees-core-and-node-only',
      severity: 'error',
      from: { path: PACKAGE('serve') },
      to: { path: '^packages/(?!core/|node/|serve/)' },
    },
    {
      name: 'lab-sees-core-and-node-only',
      severity: 'error',
      from: { path: PACKAGE('lab') },
      to: { path: '^packages/(?!core/|node/|lab/)' },
    },
    {
      name: 'core-has-no-io',
      severity: 'error',
      from: { path: PACKAGE('core'), pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'schedule-is-pure',
      severity: 'error',
      from: { path: '^packages/serve/src/schedule/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/(core/|serve/src/schedule/)' },
    },
    {
      name: 'the-scheduler-knows-no-policy-but-greedy',
      severity: 'error',
      from: { path: '^packages/serve/src/schedule/[^/]+\\.ts$', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/serve/src/schedule/policies/(?!greedy\\.ts$)' },
    },
    {
      name: 'parts-of-a-policy-stay-in-its-folder',
      severity: 'error',
      from: {
        path: '^packages/serve/src/',
        pathNot: ['^packages/serve/src/schedule/policies/[^/]+/', '\\.test\\.ts$'],
      },
      to: { path: '^packages/serve/src/schedule/policies/[^/]+/(?!index\\.ts$)' },
    },
    {
      name: 'pace-and-analyse-are-pure',
      severity: 'error',
      from: { path: '^packages/lab/src/(pace|analyse)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pace-and-analyse-do-no-io',
      severity: 'error',
      from: { path: '^packages/lab/src/(pace|analyse)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/node/' },
    },
    ...oneWay,
    onlyIn('sharp-in-serve-decode-only', 'packages/(serve/src/decode|lab/src/corpus)', 'sharp'),
    onlyIn('koffi-in-decode-and-shared-memory-only', 'packages/serve/src/(decode|shared-memory)', 'koffi'),
    onlyIn('onnxruntime-in-runtime-only', 'packages/serve/src/runtime', 'onnxruntime-node'),
    {
      // An import by name is resolved to a declaration, a relative one to a program.
      name: 'packages-through-their-exports',
      severity: 'error',
      from: { path: '^(bench|scripts|test)/' },
      to: { path: '^packages/[^/]+/dist/.*\\.js$' },
    },
    {
      name: 'no-test-code-in-src',
      severity: 'error',
      from: { path: '^packages/.*/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};
