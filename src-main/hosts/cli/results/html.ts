import { createHash } from 'node:crypto';
import {
  batchShapeOf,
  type ComparisonRow,
  costInWords,
  type LeftOutColumn,
  REVIEW_DECISIONS,
  type RunSummary,
  shownOutput,
  sumInWords,
  targetIndexOf,
  targetNames,
  versionTitle,
  type TargetSummary,
  type NamedTemplate,
  tokensInWords,
  versionName,
} from '../../../../src-shared/domain';
import type { ResultFormat, ResultSource } from './format';

/** Colours of the interface (docs/screens.md#colours); the theme is the reader's. */
const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fill:#f6f7f9;--text:#1b1f24;--muted:#57606a;--line:#7d8794;--link:#2f5bd7;--bad:#cb1861;--badfill:#fde7ec}
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--fill:#1b1f26;--text:#e6e9ee;--muted:#9aa4b2;--line:#6b7685;--link:#8fb0ff;--bad:#f0607f;--badfill:#36121c}}
body{margin:24px;background:var(--bg);color:var(--text);font:13px/1.45 system-ui,sans-serif}
a{color:var(--link)}h1{font-size:18px;margin:0 0 4px}p{margin:4px 0 16px}.muted{color:var(--muted)}
.scroll{overflow-x:auto;margin-bottom:24px}
table{border-collapse:collapse}
th,td{border:1px solid var(--line);padding:8px;text-align:left;vertical-align:top;min-width:90px;max-width:420px}
thead th{background:var(--fill)}
td.number{text-align:right;font-variant-numeric:tabular-nums}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 ui-monospace,monospace}
.answer+.answer{border-top:1px dashed var(--line);margin-top:8px;padding-top:8px}
.failed{background:var(--badfill);color:var(--bad);padding:4px}
.facts{color:var(--muted);font-size:11px;margin-top:4px}
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** A report in one file that loads nothing and runs nothing: inputs × targets with every answer. */
export function htmlFormat({ batch, templates }: ResultSource): ResultFormat {
  const shape = batchShapeOf(batch);
  const title = batch.name ?? batch.prompt_name;
  const targets = targetNames(batch.targets);
  return {
    head: () => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p class="muted">${templates.map(templateHtml).join(' · ')} · batch ${escape(batch.batch_id)} · ${escape(batch.status)} · ${escape(batch.created_at)}${batch.simulated ? ' · simulated' : ''} · <a href="#sums">sums</a></p>
${batch.left_out.map(leftOutHtml).join('')}<div class="scroll"><table>
<thead><tr><th scope="col">Input</th>${targets.map((name) => `<th scope="col">${escape(name)}</th>`).join('')}</tr></thead>
<tbody>
`,
    row: (row) => htmlRow(row, targets.length, (cell) => targetIndexOf(shape, cell)),
    tail: (summaries) => `</tbody></table></div>\n${summaryHtml(summaries)}</body>\n</html>\n`,
  };
}

function templateHtml({ prompt_name, version_number, config_sha256 }: NamedTemplate): string {
  const version = versionTitle({ version_number });
  return `Template ${escape(prompt_name)} ${version} · ${escape(config_sha256)}`;
}

function leftOutHtml({ connection_name, model_id, mismatch }: LeftOutColumn): string {
  return `<p class="failed">Left out: ${escape(`${connection_name}:${model_id}`)}. ${escape(mismatch.message)}</p>\n`;
}

function htmlRow(row: ComparisonRow, targets: number, targetOf: (cell: RunSummary) => number): string {
  const input = Object.entries(row.variables).map(
    ([name, value]) =>
      `<b>${escape(name)}</b>: ${escape(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  const columns = Array.from({ length: targets }, (_, index) =>
    row.cells
      .filter((cell) => targetOf(cell) === index)
      .map(answer)
      .join(''),
  );
  return `<tr><th scope="row"><pre>${row.input_index + 1}\n${input.join('\n')}</pre></th>${columns
    .map((content) => `<td>${content}</td>`)
    .join('')}</tr>\n`;
}

function answer(cell: RunSummary): string {
  const ok = cell.status === 'succeeded';
  const text = ok
    ? (shownOutput(cell) ?? '')
    : `${cell.failure_code ?? cell.status}: ${cell.failure_message ?? ''}`;
  const facts = [
    costInWords(cell),
    cell.latency_ms === null ? null : `${Math.round(cell.latency_ms)} ms`,
    `${tokensInWords(cell)} tok`,
    cell.provider_version_key === null
      ? null
      : `${versionName(cell.provider_version_key)} (${cell.evidence_grade ?? 'none'})`,
    cell.response_output_sha256?.slice(0, 12),
    cell.review_action === null ? null : `review: ${REVIEW_DECISIONS[cell.review_action]}`,
  ].filter((fact) => typeof fact === 'string');
  return `<div class="answer${ok ? '' : ' failed'}"><pre>${escape(text)}</pre><div class="facts">${escape(facts.join(' · '))}</div></div>`;
}

function summaryHtml(summaries: readonly TargetSummary[]): string {
  const header = [
    'Target',
    'OK',
    'Failed',
    'Unknown',
    'Tokens in/out',
    'Cost',
    'P50',
    'P95',
    'n',
    'Distinct outputs',
  ];
  const rows = summaries.map((sums) => [
    String(sums.ok),
    String(sums.failed),
    String(sums.outcome_unknown),
    `${sums.input_tokens}/${sums.output_tokens}`,
    sumInWords(sums.cost_usd, sums.unpriced),
    sums.latency_ms.p50 === null ? '–' : `${Math.round(sums.latency_ms.p50)} ms`,
    sums.latency_ms.p95 === null ? '–' : `${Math.round(sums.latency_ms.p95)} ms`,
    String(sums.latency_ms.n),
    String(sums.distinct_outputs),
  ]);
  const body = rows.map(
    (cells, index) =>
      `<tr><th scope="row">${escape(summaries[index]?.target ?? '')}</th>${cells
        .map((cell) => `<td class="number">${escape(cell)}</td>`)
        .join('')}</tr>`,
  );
  return `<div class="scroll" id="sums"><table>
<thead><tr>${header.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
