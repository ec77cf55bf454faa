import { downloadZip } from 'client-zip'
import { safeName, UniqueNames } from '../../core/safe-names'
import { csvOf } from '../history/csv'
import { recipeName } from '../result/verdict'
import type { JobResult } from '../state/job.svelte'

/** One file of the batch, as the summary lists it. */
export interface ZipRow {
  readonly name: string
  /** Folder that it was dropped in, with `/` between and at the end; empty for none. */
  readonly folder: string
  readonly sizeBytes: number
  readonly status: string
  /** Why there is no result; empty where there is one. */
  readonly note: string
  readonly result: JobResult | null
}

export interface ZipEntry {
  readonly name: string
  readonly input: Blob | string
}

export const SUMMARY = 'summary.csv'
const REPORTS = 'reports'

/**
 * What goes into the zip: each smaller model, its report, and a table of everything. Originals that were kept and files
 * that failed stand in the table only.
 * @param columns headings of the table, in the page's language
 */
export function planZip(rows: readonly ZipRow[], columns: readonly string[]): ZipEntry[] {
  const names = new UniqueNames()
  names.take(SUMMARY)
  names.take(REPORTS)
  const entries: ZipEntry[] = []
  const lines: string[][] = []
  for (const row of rows) {
    const path = row.result && !row.result.report.output.isOriginal ? addResult(row, row.result, names, entries) : ''
    lines.push(lineOf(row, path))
  }
  // spreadsheets take a CSV without this mark for one of their own code page
  return [{ name: SUMMARY, input: `\ufeff${csvOf([columns, ...lines])}` }, ...entries]
}

/** @returns where the model lies in the zip */
function addResult(row: ZipRow, { files, report }: JobResult, names: UniqueNames, entries: ZipEntry[]): string {
  const [main] = files
  if (!main) return ''
  const folder = partsOf(row.folder)
  const { stem, end } = splitName(safeName(main.name))
  const within = folder === '' ? stem : `${folder}/${stem}`
  let path: string
  if (files.length === 1) {
    path = names.take(within, end)
    entries.push({ name: path, input: main.blob })
  } else {
    // the files of a model name each other, so they keep their names, in a folder of their own
    const own = names.take(within)
    for (const { name, blob } of files) entries.push({ name: `${own}/${partsOf(name)}`, input: blob })
    path = `${own}/${partsOf(main.name)}`
  }
  entries.push({ name: `${REPORTS}/${path}.json`, input: `${JSON.stringify(report, null, 2)}\n` })
  return path
}

/** A path below the zip: no part leads up or stays where it is. */
const partsOf = (path: string): string =>
  path
    .split('/')
    .filter((part) => !/^[. ]*$/.test(part))
    .map(safeName)
    .join('/')

function splitName(name: string): { stem: string; end: string } {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? { stem: name.slice(0, dot), end: name.slice(dot) } : { stem: name, end: '' }
}

function lineOf({ name, folder, sizeBytes, status, note, result }: ZipRow, path: string): string[] {
  const { input, output, quality, recipe } = result?.report ?? {}
  return [
    folder + name,
    status,
    String(input?.sizeBytes ?? sizeBytes),
    output ? String(output.sizeBytes) : '',
    recipe && !output?.isOriginal ? recipeName(recipe) : '',
    quality?.sqnrDb?.toFixed(2) ?? '',
    output?.sha256 ?? '',
    path,
    note,
  ]
}

/** Models hardly get smaller in a zip, so they are stored as they are, one after the other. */
export async function packZip(entries: readonly ZipEntry[]): Promise<Blob> {
  return downloadZip(entries).blob()
}
