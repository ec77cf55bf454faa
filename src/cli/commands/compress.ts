import { basename, dirname, join, resolve } from 'node:path'
import { PlumeError } from '../../core/errors'
import { oneLine } from '../../core/one-line'
import { compress as compressModel } from '../../jobs/compress'
import type { JobPorts } from '../../jobs/ports'
import type { Report } from '../../jobs/report'
import type { CompressRequest } from '../../jobs/request'
import { FlagError, wholeNumber, type ParsedArgs } from '../args'
import type { Command } from '../command'
import { CALIBRATION_FLAGS, calibrationMemory, DATA_FLAGS, dataFromArgs, SEARCH_FLAGS, searchFromArgs } from '../data'
import { createPorts, deviceOf, type Terminal } from '../environment'
import { checkOutputs, outputFor, outputIn, writeDocuments } from '../compress/outputs'
import { nodeFileSet, nodeFolder, removeFile } from '../files'
import { recipeFromArgs, RECIPE_FLAGS, type GivenRecipe } from '../recipe'
import { describeReport } from '../report-text'
import {
  choicesFromArgs,
  requireRanges,
  shareReport,
  SHARE_FLAGS,
  shareNotes,
  verdictNotes,
  type SharedLink,
} from '../share'

export const compress: Command = {
  name: 'compress',
  usage: 'FILE… -o OUT',
  help: 'make a model smaller and prove that it still works',
  flags: {
    output: {
      type: 'text',
      short: 'o',
      value: 'OUT',
      help: 'the file to write; a folder when several FILEs are given',
    },
    ...RECIPE_FLAGS,
    ...DATA_FLAGS,
    ...CALIBRATION_FLAGS,
    ...SEARCH_FLAGS,
    'max-run': { type: 'text', value: 'MB', help: 'models above this size are not run (default 1000)' },
    'save-recipe': { type: 'text', value: 'R.json', help: 'write the resolved recipe' },
    report: {
      type: 'text',
      value: 'R.html|R.json|R.md',
      help: 'write the report: a page, JSON, or a model card in Markdown',
    },
    ...SHARE_FLAGS,
    force: { type: 'switch', help: 'replace files that exist' },
  },
  async run(args, terminal) {
    const output = args.text('output')
    if (args.files.length === 0) throw new FlagError('plume compress takes at least one FILE.')
    if (output === undefined) throw new FlagError('plume compress needs -o OUT, the file to write.')
    const numbers = { seed: wholeNumber(args, 'seed', 0), maxRunBytes: wholeNumber(args, 'max-run', 1000) * 1e6 }
    const recipe = await recipeFromArgs(args, numbers.seed)
    choicesFromArgs(args)
    requireRanges(recipe.shared, (args.text('calibrate') ?? args.text('test')) !== undefined)
    const search = { ...searchFromArgs(args, recipe.recipe === 'auto'), ...calibrationMemory(args) }
    await checkOutputs(args, output)
    const ports = await createPorts(args, terminal)
    const job = { args, ...numbers, recipe, search, ports, terminal }
    return args.files.length === 1
      ? compressOne(job, args.files[0] as string, output)
      : compressMany(job, args.files, output)
  },
}

interface Job {
  readonly args: ParsedArgs
  readonly seed: number
  readonly maxRunBytes: number
  readonly recipe: GivenRecipe
  readonly search: Pick<CompressRequest, 'budget' | 'maxTrials' | 'calibrationMemoryBytes'>
  readonly ports: JobPorts
  readonly terminal: Terminal
}

async function compressOne(job: Job, file: string, output: string): Promise<Report & { share?: string }> {
  const { args, seed, maxRunBytes, recipe, search, ports, terminal } = job
  const path = await outputFor(file, output)
  const test = await dataFromArgs(args, terminal.signal)
  const calibrate = await dataFromArgs(args, terminal.signal, 'calibrate')
  const { report, files } = await compressModel(
    {
      files: await nodeFileSet(file),
      recipe: recipe.recipe,
      seed,
      folder: nodeFolder(dirname(resolve(path)), { force: args.has('force') }),
      outputName: basename(path),
      maxRunBytes,
      ...search,
      ...(test && { test }),
      ...(calibrate && { calibrate }),
    },
    ports,
  )
  let link: SharedLink | null
  let full: Report
  try {
    link = await shareReport(args, report, deviceOf(ports))
    full = {
      ...report,
      output: { ...report.output, path },
      notes: [...report.notes, ...terminal.notes, ...verdictNotes(recipe.shared, report), ...shareNotes(link)],
    }
    await writeDocuments(args, full)
  } catch (error) {
    for (const { name } of [...files, ...(report.extras ?? [])]) await removeFile(join(dirname(resolve(path)), name))
    throw error
  }
  terminal.print(describeReport(full))
  if (!link) return full
  terminal.print(`\n${link.text}`)
  return { ...full, share: link.text }
}

/** One failing file never stops the others. */
async function compressMany(job: Job, files: readonly string[], folder: string) {
  const reports: (Report | { input: { name: string }; error: string })[] = []
  let failed = 0
  for (const file of files) {
    try {
      reports.push(await compressOne(job, file, await outputIn(folder, file)))
    } catch (error) {
      if (!(error instanceof PlumeError) || error.name === 'AbortError') throw error
      failed++
      process.stderr.write(`plume compress: ${oneLine(error.message, 6000)}\n`)
      reports.push({ input: { name: basename(file) }, error: error.message })
    }
  }
  return { version: 1, failed, reports }
}
