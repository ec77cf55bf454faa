import type { Report } from '../report'
import type { SensitivityReport } from '../sensitivity/report'
import type { Block, Cell, Section, TableBlock } from './blocks'
import { contentOf, LEVELS } from './content'
import { codeMarkdown, escapeMarkdown as escape } from './escape'

/**
 * A report as a model card: Markdown with the front matter that model hubs read. Charts are left out, for their figures
 * stand in tables; long tables are cut, which the card says.
 */
export function reportMarkdown(report: Report, sensitivity?: SensitivityReport): string {
  const { title, lead, sections } = contentOf(report, sensitivity)
  const methods = [...new Set(report.recipe.steps.map(({ method }) => method))]
  const tags = ['onnx', 'compressed', ...methods.filter((method) => /^[a-z0-9-]+$/.test(method))]
  const parts = [
    ['---', 'library_name: onnx', 'tags:', ...tags.map((tag) => `  - ${tag}`), '---'].join('\n'),
    `# ${codeMarkdown(title)}`,
    escape(lead),
    ...sections.flatMap(sectionMarkdown),
  ]
  return `${parts.join('\n\n')}\n`
}

function sectionMarkdown({ title, blocks }: Section): string[] {
  return [`## ${escape(title)}`, ...blocks.filter(({ kind }) => kind !== 'chart').map(blockMarkdown)]
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escape(block.text)
    case 'list':
      return list(block.items)
    case 'code':
      return fenced(block.text, block.language)
    case 'verdict':
      return `**${LEVELS[block.level]}**\n\n${list(block.reasons)}`
    case 'table':
      return tableMarkdown(block)
    case 'chart':
      return ''
  }
}

const list = (items: readonly string[]): string => items.map((item) => `- ${escape(item)}`).join('\n')

/** Names inside may hold backticks: the fence is longer than any run of them. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** A card is read by people: what is beyond stands in the JSON. */
const MOST_ROWS = 40

function tableMarkdown({ head, rows, rowsText }: TableBlock): string {
  // a drawing's figures stand in the other columns
  const isDrawn = head.map((_, column) => rows.some((row) => typeof row[column] === 'object' && 'svg' in row[column]))
  const keep = <T>(list: readonly T[]) => list.filter((_, column) => !isDrawn[column])
  const lines = [keep(head).map(escape), keep(head.map((_, column) => rule(rows, column)))]
  lines.push(...rows.slice(0, MOST_ROWS).map((row) => keep(row).map(cellMarkdown)))
  const text = lines.map((line) => `| ${line.join(' | ')} |`).join('\n')
  if (rows.length <= MOST_ROWS) return text
  return `${text}\n\n${rows.length - MOST_ROWS} more${rowsText ? ` of ${escape(rowsText)}` : ''} stand in the JSON report.`
}

const rule = (rows: TableBlock['rows'], column: number): string =>
  rows.some((row) => typeof row[column] === 'object' && 'number' in row[column]) ? '---:' : '---'

function cellMarkdown(cell: Cell): string {
  if (typeof cell === 'string') return escape(cell)
  if ('text' in cell) return escape(cell.remark ? `${cell.text} (${cell.remark})` : cell.text)
  if ('name' in cell) {
    const name = cell.name === '' ? '' : codeMarkdown(cell.name)
    return cell.remark ? `${name} (${escape(cell.remark)})` : name
  }
  return 'number' in cell ? escape(cell.number) : ''
}
