import { formatBytes } from '../../core/format-text'
import { formatRecipe, type Recipe } from '../recipe'
import { cliLine } from '../recipe-forms/cli-line'
import type { Report } from '../report'
import { section, table, type Section } from './blocks'
import { noteText } from './measured'

/** How to make it again, and which files it is about. */
export function madeSections(report: Report): Section[] {
  const { input, output, recipe, notes, extras = [] } = report
  const files = [
    { role: 'original', ...input },
    { role: 'result', ...output },
    ...extras.map((extra) => ({ role: 'beside the result', format: '', ...extra })),
  ]
  return [
    ...section('Notes', { kind: 'list', items: notes.filter(({ severity }) => severity === 'info').map(noteText) }),
    ...section(
      'Make it again',
      { kind: 'text', text: reproduceText(recipe) },
      { kind: 'code', text: reproduceLine(report), language: 'sh' },
      { kind: 'code', text: formatRecipe(recipe).trimEnd(), language: 'json' },
    ),
    ...section(
      'Files',
      table(
        ['', 'file and its sha256', 'format', 'size'],
        files.map((file) => [
          file.role,
          { name: file.name, remark: file.sha256 },
          file.format,
          { number: formatBytes(file.sizeBytes) },
        ]),
      ),
    ),
  ]
}

const hasRanges = ({ steps }: Recipe) => steps.some(({ ranges }) => ranges !== undefined)

function reproduceText(recipe: Recipe): string {
  return hasRanges(recipe)
    ? 'The same input gives the same bytes. The recipe holds the ranges that calibration chose, so the data are not needed; save it as recipe.json:'
    : 'The same input gives the same bytes, in the page and on the command line:'
}

/** The command that makes the same bytes. */
export function reproduceLine({ recipe, input, output }: Report): string {
  const files = { input: input.name, output: output.name }
  const isPlain = recipe.steps.length > 0 && !hasRanges(recipe)
  if (isPlain) return cliLine(recipe, files)
  return `${cliLine({ ...recipe, seed: 0, steps: [] }, files)} --recipe recipe.json`
}
