import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import {
  markdownCode,
  markdownCodeBlock,
  markdownLabel,
  markdownTable,
  markdownText,
} from './markdown-text.js';

/** Names that a server, a file or a configuration may have. A bare address is left out: GitHub links it to itself. */
const HOSTILE = [
  'a|b',
  'a\\|b',
  'C:\\runs\\a_b\\',
  '`rm -rf`',
  '*bold* _slanted_ ~~gone~~',
  '<img src=x onerror=alert(1)>',
  '<!-- comment',
  '<mail:to@example>',
  '[text](javascript:alert(1))',
  '![picture](x.png)',
  '[a][b]',
  '[a]: x.html',
  '# heading',
  '- item',
  '+ item',
  '1. item',
  '2) item',
  '> quote',
  '---',
  '===',
  '&lt;b&gt; &amp; &#60;',
  'x $y$ z',
];

const asText = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trim();
const tagsOf = (html: string): string[] =>
  (html.match(/<\/?[a-z]\w*/g) ?? []).filter((tag) => !tag.includes('/'));
const render = (markdown: string): string => marked.parse(markdown, { async: false, gfm: true });

describe.each(HOSTILE)('%j', (name) => {
  it('is shown as it is, as a paragraph, in a list and in a table', () => {
    const paragraph = render(markdownText(name));
    expect([asText(paragraph), tagsOf(paragraph)]).toEqual([name, ['<p']]);
    const list = render(`- ${markdownText(name)}`);
    expect([asText(list), tagsOf(list)]).toEqual([name, ['<ul', '<li']]);
    const table = render(markdownTable(['stack', 'verdict'], [[name, 'VALID']]));
    const cells = [...table.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell = '']) => asText(cell));
    expect(cells).toEqual([name, 'VALID']);
    expect(tagsOf(table)).toEqual(['<table', '<thead', '<tr', '<th', '<th', '<tbody', '<tr', '<td', '<td']);
  });

  it('is shown as it is in bold, as the name of a picture, and as code', () => {
    expect(asText(render(`a **${markdownText(name)}**: b`)).replaceAll('**', '')).toBe(`a ${name}: b`);
    const picture = render(`![${markdownLabel(name)}](pictures/a.svg)`);
    expect(tagsOf(picture)).toEqual(['<p', '<img']);
    expect(picture).toContain('src="pictures/a.svg"');
    const code = render(`Before: ${markdownCode(name)}.`);
    expect([asText(code), tagsOf(code)]).toEqual([`Before: ${name}.`, ['<p', '<code']]);
    const block = render(markdownCodeBlock(`servelab bench\n\`\`\`\n${name}`));
    expect([asText(block), tagsOf(block)]).toEqual([`servelab bench\n\`\`\`\n${name}`, ['<pre', '<code']]);
  });
});

it('keeps to one line, and shows what would be obeyed', () => {
  expect(markdownText('a\n\n# b\r\n| c |')).toBe('a # b \\| c \\|');
  expect(markdownText('red \u001b[31m \u202egnp')).toBe('red \\u001b[31m \\u202egnp');
});

it('leaves readable what means nothing', () => {
  for (const words of [
    'servelab:slo_adaptive@int8',
    '112 [110–114]',
    'p99<=250ms, +-5 %',
    '-3.1 % [-4, -2]',
    'a & b',
  ])
    expect(markdownText(words)).toBe(words);
});
