import type { Report } from '../report'
import type { SensitivityReport } from '../sensitivity/report'
import type { Block, Cell, Section, TableBlock } from './blocks'
import { contentOf, LEVELS } from './content'
import { escapeHtml as escape } from './escape'
import { STYLE } from './style'

/**
 * A report as one self-contained page: no script, no request, light and dark, prints well. Its policy allows nothing but
 * its own styles, so it may be opened and mailed without a thought.
 */
export function reportHtml(report: Report, sensitivity?: SensitivityReport): string {
  const { title, lead, sections } = contentOf(report, sensitivity)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}: what became of it</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1><bdi>${escape(title)}</bdi></h1>
<p class="lead"><bdi>${escape(lead)}</bdi></p>
${sizeBar(report.input.sizeBytes, report.output.sizeBytes)}
</header>
<main>
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>
`
}

function sectionHtml({ title, blocks }: Section): string {
  return `<section>\n<h2>${escape(title)}</h2>\n${blocks.map((block) => blockHtml(block, title)).join('\n')}\n</section>`
}

function blockHtml(block: Block, title: string): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escape(block.text)}</p>`
    case 'list':
      return list(block.items)
    case 'code':
      return `<pre tabindex="0" role="region" aria-label="${escape(title)}"><code>${codeLines(block.text)}</code></pre>`
    case 'verdict':
      return `<div class="verdict ${block.level}"><p class="level">${LEVELS[block.level]}</p>${list(block.reasons)}</div>`
    case 'chart':
      return `<figure>${block.svg}<figcaption>${escape(block.caption)}</figcaption></figure>`
    case 'table':
      return tableHtml(block, title)
  }
}

const list = (items: readonly string[]): string =>
  `<ul>${items.map((item) => `<li><bdi>${escape(item)}</bdi></li>`).join('')}</ul>`

/** Line breaks of ours stay; a line itself is escaped like any other text. */
const codeLines = (text: string): string => text.split('\n').map(escape).join('\n')

/** Rows that are shown at once; the others open on a click, and in print. */
const SHOWN_ROWS = 12

function tableHtml({ head, rows, rowsText }: TableBlock, title: string): string {
  const part = (part: TableBlock['rows']) =>
    `<div class="wide" tabindex="0" role="region" aria-label="${escape(title)}"><table>${headHtml(head, rows)}` +
    `<tbody>${part.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('\n')}</tbody></table></div>`
  if (rows.length <= SHOWN_ROWS + 3) return part(rows)
  const rest = rows.length - SHOWN_ROWS
  return `${part(rows.slice(0, SHOWN_ROWS))}
<details><summary>${rest} more${rowsText ? `, of ${escape(rowsText)}` : ''}</summary>${part(rows.slice(SHOWN_ROWS))}</details>`
}

function headHtml(head: readonly string[], rows: TableBlock['rows']): string {
  if (head.every((text) => text === '')) return ''
  const isNumber = head.map((_, column) =>
    rows.some((row) => typeof row[column] === 'object' && 'number' in row[column] && !('bar' in row[column])),
  )
  const cells = head.map(
    (text, column) => `<th scope="col"${isNumber[column] ? ' class="n"' : ''}>${escape(text)}</th>`,
  )
  return `<thead><tr>${cells.join('')}</tr></thead>`
}

function cellHtml(cell: Cell): string {
  if (typeof cell === 'string') return `<td><bdi>${escape(cell)}</bdi></td>`
  if ('text' in cell) return `<td class="what"><bdi>${escape(cell.text)}</bdi>${small(cell.remark)}</td>`
  if ('name' in cell) return `<td class="name"><bdi>${escape(cell.name)}</bdi>${small(cell.remark)}</td>`
  if ('svg' in cell) return `<td>${cell.svg}${escape(cell.label)}</td>`
  if ('bar' in cell) return `<td class="b">${escape(cell.number)}${bar(cell.bar)}</td>`
  return `<td class="n">${escape(cell.number)}</td>`
}

const small = (remark = ''): string => (remark ? `<small><bdi>${escape(remark)}</bdi></small>` : '')

const bar = (share: number): string =>
  `<svg class="bar" aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none"><rect width="${(100 * Math.min(1, share)).toFixed(1)}" height="4"/></svg>`

function sizeBar(before: number, after: number): string {
  const most = Math.max(before, after, 1)
  return `<svg class="sizes" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><rect class="was" width="${((100 * before) / most).toFixed(2)}" height="4"/><rect class="is" y="5" width="${((100 * after) / most).toFixed(2)}" height="4"/></svg>`
}
