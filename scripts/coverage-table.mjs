// Writes what `make coverage` measured into CONTRIBUTING.md, a line a package.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const PAGE = 'CONTRIBUTING.md';
const BEGIN = '<!-- coverage: begin -->';
const END = '<!-- coverage: end -->';

const files = Object.entries(JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8')));
const percent = (counts) => {
  const [covered, total] = ['covered', 'total'].map((key) =>
    counts.reduce((sum, count) => sum + count[key], 0),
  );
  return `${((100 * covered) / total).toFixed(1)} %`;
};
const row = (name, of) =>
  `| ${name} | ${['lines', 'branches'].map((kind) => percent(of.map((one) => one[kind]))).join(' | ')} |`;

const rows = readdirSync('packages').map((name) =>
  row(
    `\`packages/${name}\``,
    files.filter(([path]) => path.includes(`/packages/${name}/`)).map(([, counts]) => counts),
  ),
);
const table = ['| package | lines | branches |', '| --- | ---: | ---: |', ...rows].join('\n');
const page = readFileSync(PAGE, 'utf8');
const [before, rest] = page.split(BEGIN);
const [, after] = rest.split(END);
writeFileSync(PAGE, `${before}${BEGIN}\n${table}\n${END}${after}`);
console.log(table);
