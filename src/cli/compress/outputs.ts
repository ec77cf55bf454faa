import { basename, join, resolve } from 'node:path'
import { formatRecipe } from '../../jobs/recipe'
import type { Report } from '../../jobs/report'
import { reportText, REPORT_ENDINGS } from '../../jobs/report/documents'
import { FlagError, type ParsedArgs } from '../args'
import { isSameFile, kindOf, nodeFileSet, refuseToOverwrite, refuseUnwritable, writeTextFile } from '../files'

/** The file that `-o` means: itself, or in a folder the input's name. */
export async function outputFor(file: string, output: string): Promise<string> {
  return (await kindOf(output)) === 'folder' ? outputIn(output, file) : output
}

/** The input may be the folder that a model lies in; the result is named like the model. */
export async function outputIn(folder: string, file: string): Promise<string> {
  const name = (await kindOf(file)) === 'folder' ? (await nodeFileSet(file)).main.name : basename(file)
  return join(folder, name)
}

/** The names of all results. Told before the work starts, not after it. */
export async function checkOutputs(args: ParsedArgs, output: string): Promise<void> {
  const isMany = args.files.length > 1
  if (isMany && (args.text('save-recipe') ?? args.text('report')) !== undefined) {
    throw new FlagError('--save-recipe and --report go with one FILE; for several, use --json.')
  }
  if (isMany && !['folder', 'nothing'].includes(await kindOf(output))) {
    throw new FlagError(`-o ${output}: a folder is needed for several FILEs.`)
  }
  const report = args.text('report')
  if (report !== undefined && !REPORT_ENDINGS.test(report)) {
    throw new FlagError(`--report ${report}: the name must end in .html, .json or .md.`)
  }
  const models: Target[] = []
  for (const file of args.files) {
    const path = isMany ? await outputIn(output, file) : await outputFor(file, output)
    models.push({ flag: '-o', from: isMany ? file : '-o', path })
  }
  const documents = (['save-recipe', 'report'] as const).flatMap((name) => {
    const path = args.text(name)
    return path === undefined ? [] : [{ flag: `--${name}`, from: `--${name}`, path }]
  })
  const data = (['test', 'calibrate'] as const).map((name) => args.text(name) ?? '')
  await checkTargets([...models, ...documents], [...args.files, ...data], args.has('force'))
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

/** The recipe and the report, where they were asked for. */
export async function writeDocuments(args: ParsedArgs, report: Report): Promise<void> {
  const force = args.has('force')
  const recipePath = args.text('save-recipe')
  if (recipePath !== undefined) await writeTextFile(recipePath, formatRecipe(report.recipe), force)
  const reportPath = args.text('report')
  if (reportPath === undefined) return
  await writeTextFile(reportPath, reportText(reportPath, report), force)
}
