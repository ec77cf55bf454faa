import { basename, dirname, join, resolve } from 'node:path'
import { PlumeError } from '../../core/errors'
import { oneLine } from '../../core/one-line'
import { compress as compressModel } from '../../jobs/compress'
import type { JobPorts } from '../../jobs/ports'
import { formatRecipe } from '../../jobs/recipe'
import type { Report } from '../../jobs/report'
import { reportHtml } from '../../jobs/report-html'
import { FlagError, wholeNumber, type ParsedArgs } from '../args'
import type { Command } from '../command'
import { DATA_FLAGS, dataFromArgs } from '../data'
import { createPorts, deviceOf, type Terminal } from '../environment'
import {
  isSameFile,
  kindOf,
  nodeFileSet,
  nodeFolder,
  refuseToOverwrite,
  refuseUnwritable,
  removeFile,
  writeTextFile,
} from '../files'
import { recipeFromArgs, RECIPE_FLAGS, type GivenRecipe } from '../recipe'
import { describeReport } from '../report-text'
import { choicesFromArgs, shareReport, SHARE_FLAGS, shareNotes, verdictNotes, type SharedLink } from '../share'

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
    'max-run': { type: 'text', value: 'MB', help: 'models above this size are not run (default 1000)' },
    'save-recipe': { type: 'text', value: 'R.json', help: 'write the resolved recipe' },
    report: { type: 'text', value: 'R.html|R.json', help: 'write the report' },
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
    await checkOutputs(args, output)
    const ports = await createPorts(args, terminal)
    const job = { args, ...numbers, recipe, ports, terminal }
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
  readonly ports: JobPorts
  readonly terminal: Terminal
}

async function compressOne(job: Job, file: string, output: string): Promise<Report & { share?: string }> {
  const { args, seed, maxRunBytes, recipe, ports, terminal } = job
  const path = await outputFor(file, output)
  const test = await dataFromArgs(args, terminal.signal)
  const { report, files } = await compressModel(
    {
      files: await nodeFileSet(file),
      recipe: recipe.recipe,
      seed,
      folder: nodeFolder(dirname(resolve(path)), { force: args.has('force') }),
      outputName: basename(path),
      maxRunBytes,
      ...(test && { test }),
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
    await writeExtras(args, full)
  } catch (error) {
    for (const { name } of files) await removeFile(join(dirname(resolve(path)), name))
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

/** The file that `-o` means: itself, or in a folder the input's name. */
async function outputFor(file: string, output: string): Promise<string> {
  return (await kindOf(output)) === 'folder' ? outputIn(output, file) : output
}

/** The input may be the folder that a model lies in; the result is named like the model. */
async function outputIn(folder: string, file: string): Promise<string> {
  const name = (await kindOf(file)) === 'folder' ? (await nodeFileSet(file)).main.name : basename(file)
  return join(folder, name)
}

/** Told before the work starts, not after it. */
async function checkOutputs(args: ParsedArgs, output: string): Promise<void> {
  const isMany = args.files.length > 1
  if (isMany && (args.text('save-recipe') ?? args.text('report')) !== undefined) {
    throw new FlagError('--save-recipe and --report go with one FILE; for several, use --json.')
  }
  if (isMany && !['folder', 'nothing'].includes(await kindOf(output))) {
    throw new FlagError(`-o ${output}: a folder is needed for several FILEs.`)
  }
  const report = args.text('report')
  if (report !== undefined && !/\.(html|json)$/.test(report)) {
    throw new FlagError(`--report ${report}: the name must end in .html or .json.`)
  }
  const models: Target[] = []
  for (const file of args.files) {
    const path = isMany ? await outputIn(output, file) : await outputFor(file, output)
    models.push({ flag: '-o', from: isMany ? file : '-o', path })
  }
  const extras = (['save-recipe', 'report'] as const).flatMap((name) => {
    const path = args.text(name)
    return path === undefined ? [] : [{ flag: `--${name}`, from: `--${name}`, path }]
  })
  await checkTargets([...models, ...extras], [...args.files, args.text('test') ?? ''], args.has('force'))
}

interface Target {
  readonly flag: string
  /** What becomes this file, for messages. */
  readonly from: string
  readonly path: string
}

/** Results never replace each other, nor what they are made from. */
async function checkTargets(targets: readonly Target[], inputs: readonly string[], force: boolean): Promise<void> {
  const seen = new Map<string, Target>()
  for (const target of targets) {
    const { flag, from, path } = target
    // disks of macOS and Windows take A and a for one name
    const key = resolve(path).toLowerCase()
    const other = seen.get(key)
    if (other) throw new FlagError(`${other.from} and ${from} would both become ${path}. Give each its own name.`)
    seen.set(key, target)
    for (const input of inputs) {
      if (input !== '' && (await isSameFile(path, input))) {
        throw new FlagError(`${flag} ${path} is the input itself. Give another name.`)
      }
    }
    await refuseToOverwrite(path, force)
    await refuseUnwritable(path)
  }
}

async function writeExtras(args: ParsedArgs, report: Report): Promise<void> {
  const force = args.has('force')
  const recipePath = args.text('save-recipe')
  if (recipePath !== undefined) await writeTextFile(recipePath, formatRecipe(report.recipe), force)
  const reportPath = args.text('report')
  if (reportPath === undefined) return
  const text = reportPath.endsWith('.html') ? reportHtml(report) : `${JSON.stringify(report, null, 2)}\n`
  await writeTextFile(reportPath, text, force)
}
