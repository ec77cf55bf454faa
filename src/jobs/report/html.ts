import { formatBytes, formatDb } from '../../core/format-text'
import { formatRecipe } from '../recipe'
import type { Report } from '../report'
import { summarize } from '../report-summary'

/** A report as one self-contained page: no script, no request, prints well. */
export function reportHtml(report: Report): string {
  const { input, output } = report
  const title = `${input.name}: ${formatBytes(input.sizeBytes)} → ${formatBytes(output.sizeBytes)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
${list(report.notes.filter((note) => note.severity !== 'info').map(noteText))}
${tableOf(
  ['', 'before', 'after', 'how it was measured'],
  summarize(report).map(({ label, before, after, remark }) => [label, before, after, remark]),
)}
${sizeBar(input.sizeBytes, output.sizeBytes)}
${section('What else was tried', report.alternatives, (rows) =>
  tableOf(
    ['method', 'size', 'fidelity', ''],
    rows.map((a) => [a.method, formatBytes(a.sizeBytes), a.recipe ? formatDb(a.sqnrDb) : '', a.why]),
  ),
)}
${section('Outputs', report.quality.outputs, (rows) =>
  tableOf(
    ['output', 'fidelity', 'cosine', 'largest difference'],
    rows.map((o) => [o.name, formatDb(o.sqnrDb), o.cosine.toFixed(6), o.maxAbsError.toPrecision(3)]),
  ),
)}
${section('Tensors', report.tensors, (rows) =>
  tableOf(
    ['tensor', 'from', 'to', 'bytes before', 'bytes after', 'fidelity'],
    rows.map((t) => [t.name, t.from, t.to, String(t.sizeBeforeBytes), String(t.sizeAfterBytes), formatDb(t.sqnrDb)]),
  ),
)}
${section(
  'Notes',
  report.notes.filter((note) => note.severity === 'info'),
  (notes) => list(notes.map(noteText)),
)}
<h2>Recipe</h2>
<pre>${escape(formatRecipe(report.recipe))}</pre>
<footer>Plume ${escape(report.app)} · input sha256 ${escape(input.sha256)} · output sha256 ${escape(output.sha256)}</footer>
</body>
</html>
`
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; vertical-align: top; overflow-wrap: anywhere }
pre { overflow: auto; padding: 1rem; background: #8882 }
svg { width: 100%; height: 3.5rem }
footer { margin-top: 2rem; font-size: .8rem; overflow-wrap: anywhere }
@media print { @page { size: A4 } tr { break-inside: avoid } }
`

function section<T>(title: string, rows: readonly T[], body: (rows: readonly T[]) => string): string {
  return rows.length === 0 ? '' : `<h2>${title}</h2>\n${body(rows)}`
}

function noteText({ node, text }: { node?: string; text: string }): string {
  return node ? `${node}: ${text}` : text
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headRow = head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`)
  return `<table><thead><tr>${headRow}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}

function sizeBar(before: number, after: number): string {
  const share = before === 0 ? 100 : (100 * after) / before
  const label = `Size before ${formatBytes(before)}, after ${formatBytes(after)}`
  return `<svg role="img" aria-label="${escape(label)}" viewBox="0 0 100 10" preserveAspectRatio="none">
<rect width="100" height="4" fill="#8888"/><rect y="5" width="${share.toFixed(2)}" height="4" fill="#0b7a5c"/></svg>`
}

/** Names come from model files: nothing of them may become markup. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
