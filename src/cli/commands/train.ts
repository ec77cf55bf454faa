import { basename, dirname, resolve } from 'node:path'
import { formatMs, formatPercent } from '../../core/format-text'
import type { TrainingCheckpoints } from '../../engine/train/trainer'
import { OPTIMIZER_NAMES, SCHEDULE_NAMES } from '../../jobs/train/options'
import type { Metrics, TrainReport } from '../../jobs/train/report'
import type { Augmentation, TrainSettings } from '../../jobs/train/request'
import { runTraining } from '../../jobs/train/train'
import { FlagError, wholeNumber, type Flags, type ParsedArgs } from '../args'
import type { Command } from '../command'
import { createTrainPorts } from '../environment'
import {
  isSameFile,
  kindOf,
  nodeFileSet,
  nodeFolder,
  nodeSampleFiles,
  nodeSource,
  refuseToOverwrite,
  refuseUnwritable,
  removeFile,
} from '../files'
import { noteLine } from '../report-text'
import { table } from '../table'

const SCALINGS = ['standard', 'min-max']

const FLAGS: Flags = {
  output: { type: 'text', short: 'o', value: 'OUT', help: 'the model to write; its ending names the format' },
  target: { type: 'text', value: 'COL', help: 'the column to predict, by name or by its number from 0 on' },
  task: { type: 'text', value: 'classification|regression', help: 'what the target is (default: by its values)' },
  role: { type: 'text', value: 'COL=ROLE', many: true, help: 'what a column is: number, category or ignored' },
  scaling: { type: 'text', value: SCALINGS.join('|'), help: 'how numbers are scaled (default standard)' },
  layers: { type: 'text', value: '64,32', help: 'widths of hidden layers; 0 is a linear model (default: several)' },
  epochs: { type: 'text', value: 'N', help: 'times that all samples are seen, at most' },
  lr: { type: 'text', value: 'X', help: 'learning rate' },
  'batch-size': { type: 'text', value: 'N', help: 'samples of a step' },
  optimizer: { type: 'text', value: OPTIMIZER_NAMES.join('|'), help: 'rule of update (default adamw)' },
  schedule: { type: 'text', value: SCHEDULE_NAMES.join('|'), help: 'learning rate over time' },
  'weight-decay': { type: 'text', value: 'X', help: 'pulls weights towards zero' },
  clip: { type: 'text', value: 'X', help: 'largest norm of all gradients together' },
  ema: { type: 'text', value: 'X', help: 'keep a moving average of the weights, with this decay' },
  dropout: { type: 'text', value: 'X', help: 'share of values left out between hidden layers' },
  patience: { type: 'text', value: 'N', help: 'epochs without a better validation before it ends' },
  'label-smoothing': { type: 'text', value: 'X', help: 'share of the target spread over all classes' },
  balanced: { type: 'switch', help: 'every class counts alike, however rare' },
  augment: { type: 'text', value: 'flip,crop,rotate,jitter', help: 'what is done to pictures at random' },
  from: { type: 'text', value: 'MODEL', help: 'go on with this model instead of a new one' },
  frozen: { type: 'text', value: 'NAMES', help: 'weights that stay as they are; * stands for any text' },
  preprocess: { type: 'text', value: 'SPEC', help: 'how pictures become inputs of the model of --from' },
  test: { type: 'text', value: 'DATA', help: 'samples of their own for the test' },
  'test-share': { type: 'text', value: 'X', help: 'share of the samples for the test (default 0.15)' },
  'validation-share': { type: 'text', value: 'X', help: 'share of the samples for validation (default 0.15)' },
  seeds: { type: 'text', value: 'N', help: 'train with so many seeds: mean and standard deviation' },
  checkpoint: { type: 'text', value: 'FILE', help: 'go on from here after a stop; written after every epoch' },
  force: { type: 'switch', help: 'replace files that exist' },
}

export const train: Command = {
  name: 'train',
  usage: 'DATA -o OUT.onnx',
  help: 'train a model on a table or on pictures',
  flags: FLAGS,
  async run(args, terminal) {
    const [data, ...rest] = args.files
    const output = args.text('output')
    if (!data || rest.length > 0) throw new FlagError('plume train takes one DATA: a table, an idx file, a folder.')
    if (output === undefined) throw new FlagError('plume train needs -o OUT.onnx, the model to write.')
    const settings = settingsOf(args)
    const force = args.has('force')
    for (const input of [data, args.text('from'), args.text('test')]) {
      if (input !== undefined && (await isSameFile(output, input))) {
        throw new FlagError(`-o ${output} is an input itself. Give another name.`)
      }
    }
    await refuseToOverwrite(output, force)
    await refuseUnwritable(output)
    const [from, test, checkpoint] = [args.text('from'), args.text('test'), args.text('checkpoint')]
    const ports = await createTrainPorts(args, terminal)
    const report = await runTraining(
      {
        ...{ files: await nodeSampleFiles(data), settings },
        ...{ folder: nodeFolder(dirname(resolve(output)), { force }), outputName: basename(output) },
        ...(test !== undefined && { test: await nodeSampleFiles(test) }),
        ...(from !== undefined && { from: await nodeFileSet(from) }),
      },
      { ...ports, ...(checkpoint !== undefined && { checkpoints: fileCheckpoints(checkpoint) }) },
    )
    if (checkpoint !== undefined) await removeFile(checkpoint)
    const full = {
      ...report,
      ...(report.output && { output: { ...report.output, path: output } }),
      notes: [...report.notes, ...terminal.notes],
    }
    terminal.print(describe(full))
    return full
  },
}

/** @throws FlagError for what no training can be asked for */
function settingsOf(args: ParsedArgs): TrainSettings {
  const numbers = {
    ...numberOf(args, 'lr', 'rate'),
    ...numberOf(args, 'weight-decay', 'weightDecay'),
    ...numberOf(args, 'clip', 'clipNorm'),
    ...numberOf(args, 'ema', 'ema'),
    ...numberOf(args, 'dropout', 'dropout'),
    ...numberOf(args, 'label-smoothing', 'labelSmoothing'),
    ...numberOf(args, 'test-share', 'testShare'),
    ...numberOf(args, 'validation-share', 'validationShare'),
    ...countOf(args, 'epochs', 'epochs'),
    ...countOf(args, 'batch-size', 'batchSize'),
    ...countOf(args, 'patience', 'patience'),
    ...countOf(args, 'seeds', 'seeds'),
  }
  const [target, preprocess, frozen] = [args.text('target'), args.text('preprocess'), args.text('frozen')]
  const layers = layersOf(args)
  const roles = rolesOf(args)
  return {
    ...{ seed: wholeNumber(args, 'seed', 0), ...numbers },
    ...(target !== undefined && { target }),
    ...(preprocess !== undefined && { preprocess }),
    ...(frozen !== undefined && { frozen: frozen.split(/[\s,]+/).filter(Boolean) }),
    ...(layers && { layers }),
    ...(roles && { roles }),
    ...(args.has('balanced') && { balanced: true }),
    ...choiceOf(args, 'task', ['classification', 'regression']),
    ...choiceOf(args, 'optimizer', OPTIMIZER_NAMES),
    ...choiceOf(args, 'schedule', SCHEDULE_NAMES),
    ...choiceOf(args, 'scaling', SCALINGS),
    ...augmentOf(args),
  } as TrainSettings
}

function numberOf(args: ParsedArgs, flag: string, name: keyof TrainSettings): Partial<TrainSettings> {
  const text = args.text(flag)
  if (text === undefined) return {}
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new FlagError(`--${flag} takes a number from 0 on, not "${text}".`)
  }
  return { [name]: value }
}

function countOf(args: ParsedArgs, flag: string, name: keyof TrainSettings): Partial<TrainSettings> {
  if (args.text(flag) === undefined) return {}
  const value = wholeNumber(args, flag, 1, 1_000_000)
  if (value < 1) throw new FlagError(`--${flag} takes a whole number from 1 on, not "${args.text(flag)}".`)
  return { [name]: value }
}

function choiceOf(args: ParsedArgs, flag: 'task' | 'optimizer' | 'schedule' | 'scaling', choices: readonly string[]) {
  const value = args.text(flag)
  if (value === undefined) return {}
  if (!choices.includes(value)) throw new FlagError(`--${flag} takes one of ${choices.join(', ')}, not "${value}".`)
  return { [flag]: value }
}

function layersOf(args: ParsedArgs): number[] | undefined {
  const text = args.text('layers')
  if (text === undefined) return undefined
  const widths = text.split(/[,x]/).map(Number)
  if (widths.length === 1 && widths[0] === 0) return []
  if (widths.every((width) => Number.isInteger(width) && width >= 1 && width <= 65_536)) return widths
  throw new FlagError(`--layers takes widths from 1 to 65536, such as 64,32, or 0 for a linear model, not "${text}".`)
}

const ROLES = ['number', 'category', 'ignored']

function rolesOf(args: ParsedArgs): TrainSettings['roles'] {
  const given = args.texts('role')
  if (given.length === 0) return undefined
  const pairs = given.map((text) => {
    const at = text.lastIndexOf('=')
    const role = text.slice(at + 1)
    if (at < 1 || !ROLES.includes(role)) {
      throw new FlagError(`--role takes COLUMN=ROLE with a role of ${ROLES.join(', ')}, not "${text}".`)
    }
    return [text.slice(0, at), role] as const
  })
  return Object.fromEntries(pairs) as TrainSettings['roles']
}

const AUGMENTATIONS: readonly Augmentation[] = ['flip', 'crop', 'rotate', 'jitter']

function augmentOf(args: ParsedArgs): { augment?: readonly Augmentation[] } {
  const text = args.text('augment')
  if (text === undefined) return {}
  const augment = text.split(',').map((one) => one.trim()) as Augmentation[]
  const stray = augment.find((one) => !AUGMENTATIONS.includes(one))
  if (stray === undefined) return { augment }
  throw new FlagError(`--augment takes ${AUGMENTATIONS.join(', ')}, separated by commas, not "${stray}".`)
}

/** One file, replaced as a whole after every epoch. */
function fileCheckpoints(path: string): TrainingCheckpoints {
  const folder = nodeFolder(dirname(resolve(path)), { force: true })
  return {
    async load() {
      if ((await kindOf(path)) !== 'file') return null
      const source = await nodeSource(path)
      return source.read(0, source.sizeBytes)
    },
    async save(bytes) {
      const sink = await folder.create(basename(path))
      try {
        await sink.write(bytes)
        await sink.close()
      } catch (error) {
        await sink.abort()
        throw error
      }
    },
  }
}

function describe(report: TrainReport): string {
  const { data, model, metrics, baseline, output, epochs, bestEpoch, timing, seeds, notes } = report
  const what = data.task === 'classification' ? `${data.classes?.length ?? 0} classes` : 'a number'
  const rows = metricRows([metrics.train, metrics.validation, metrics.test, baseline])
  const name = model.layers.length > 0 ? `${model.kind} ${model.layers.join('-')}` : model.kind
  const { split } = data
  return [
    `${data.rows} rows, ${data.columns} columns → ${data.target} (${what})`,
    ...data.ignored.map(({ column, why }) => `  left out: ${column}, ${why}`),
    `${name}, ${model.parameters.toLocaleString('en')} weights: best of ${epochs} epochs is ${bestEpoch}, ${formatMs(timing.msPerEpoch)} each`,
    ...(model.candidates.length > 1 ? [`  tried: ${model.candidates.map(candidateText).join(', ')}`] : []),
    '',
    table(['', `train (${split.train})`, `validation (${split.validation})`, `test (${split.test})`, 'baseline'], rows),
    `  baseline: ${baseline.what}`,
    ...(seeds
      ? [
          `  ${seeds.values.length} seeds, ${seeds.metric} of the test: ${seeds.mean.toFixed(4)} ± ${seeds.sd.toFixed(4)}`,
        ]
      : []),
    ...(notes.length > 0 ? ['', ...notes.map(noteLine)] : []),
    '',
    `${output?.path ?? ''} in ${formatMs(timing.totalMs)}`,
  ].join('\n')
}

const candidateText = ({ kind, layers, validationLoss }: TrainReport['model']['candidates'][number]) =>
  `${[kind, ...layers].join('-')} (validation loss ${validationLoss.toPrecision(3)})`

function metricRows(parts: readonly Metrics[]): string[][] {
  const percent = (value: number) => formatPercent(value, 2)
  const plain = (value: number) => value.toPrecision(4)
  const kinds: readonly (readonly [keyof Metrics, string, (value: number) => string])[] = [
    ['accuracy', 'accuracy', percent],
    ['f1', 'F1', plain],
    ['auc', 'AUC', plain],
    ['prAuc', 'PR-AUC', plain],
    ['r2', 'R²', plain],
    ['rmse', 'RMSE', plain],
    ['mae', 'MAE', plain],
    ['loss', 'loss', plain],
  ]
  return kinds.flatMap(([key, label, format]) => {
    if (parts.every((part) => part[key] === undefined)) return []
    return [[label, ...parts.map((part) => (part[key] === undefined ? '' : format(part[key])))]]
  })
}
