import { basename, dirname, extname, join, resolve } from 'node:path'
import type { Bytes } from '../../core/bytes'
import { formatBytes, formatMs } from '../../core/format-text'
import { toTensor, type HostArray } from '../../core/host-array'
import { oneLine } from '../../core/one-line'
import type { Note } from '../../core/progress'
import { writeNpz } from '../../formats/npy/npz'
import { writeTensorFile } from '../../formats/onnx/tensor-file'
import { forNumpy } from '../../jobs/run/results'
import { runModel, type ArrayRow, type RunReport } from '../../jobs/run/run'
import { FlagError, wholeNumber, type ParsedArgs } from '../args'
import { readArrays } from '../arrays'
import type { Command } from '../command'
import { createMachinePorts } from '../environment'
import { kindOf, nodeFileSet, nodeFolder, refuseToOverwrite, refuseUnwritable, removeFile } from '../files'
import { noteLine } from '../report-text'

interface OutputFile {
  readonly path: string
  readonly sizeBytes: number
}

export const run: Command = {
  name: 'run',
  usage: 'MODEL --inputs IN.npz -o OUT.npz',
  help: 'execute a model once on our own engine, not onnxruntime',
  flags: {
    inputs: {
      type: 'text',
      many: true,
      value: 'IN',
      help: '.npz with arrays named like the inputs, .npy, .pb tensors, or a folder of input_<i>.pb',
    },
    output: {
      type: 'text',
      short: 'o',
      value: 'OUT',
      help: 'OUT.npz, OUT.pb (one output), or a folder/ for output_<i>.pb',
    },
    force: { type: 'switch', help: 'replace files that exist' },
  },
  async run(args, terminal) {
    const [file, ...more] = args.files
    if (!file) throw new FlagError('plume run takes a MODEL.')
    const inputs = [...args.texts('inputs'), ...more]
    if (more.length > 0 && args.texts('inputs').length === 0)
      throw new FlagError('plume run takes inputs after --inputs.')
    const target = await targetFrom(args)
    const seed = wholeNumber(args, 'seed', 0)
    const ports = await createMachinePorts(args, terminal)
    const files = await nodeFileSet(file)
    const arrays = await readArrays(inputs, terminal.signal)
    const { report, outputs } = await runModel({ files, inputs: arrays, seed, backend: ports.choice }, ports)
    const { written, notes } = await writeOutputs(target, outputs, args.has('force'))
    const full = { ...report, files: written, notes: [...report.notes, ...notes, ...terminal.notes] }
    terminal.print(describe(full))
    return full
  },
}

type Target = { readonly kind: 'npz' | 'pb' | 'folder'; readonly path: string }

async function targetFrom(args: ParsedArgs): Promise<Target> {
  const path = args.text('output')
  if (path === undefined) throw new FlagError('plume run needs -o OUT, the file to write.')
  if (path.endsWith('/') || (await kindOf(path)) === 'folder') return { kind: 'folder', path }
  const ending = extname(path).toLowerCase()
  if (ending !== '.npz' && ending !== '.pb') {
    throw new FlagError(`-o ${path} must end in .npz or .pb, or name a folder with a / at its end.`)
  }
  await refuseToOverwrite(path, args.has('force'))
  await refuseUnwritable(path)
  return { kind: ending === '.npz' ? 'npz' : 'pb', path }
}

async function writeOutputs(
  { kind, path }: Target,
  outputs: ReadonlyMap<string, HostArray>,
  force: boolean,
): Promise<{ written: OutputFile[]; notes: readonly Note[] }> {
  if (kind === 'npz') {
    const { arrays, notes } = forNumpy(outputs)
    return { written: [await writeFile(path, writeNpz(arrays), force)], notes }
  }
  if (kind === 'pb' && outputs.size !== 1) {
    throw new FlagError(
      `The model has ${outputs.size} outputs, and a .pb file holds one. Write them with -o OUT.npz or -o folder/.`,
    )
  }
  const named = [...outputs].map(([name, array], i) => ({
    path: kind === 'pb' ? path : join(path, `output_${i}.pb`),
    bytes: writeTensorFile(name, toTensor(array)),
  }))
  for (const one of named) await refuseToOverwrite(one.path, force)
  const written: OutputFile[] = []
  try {
    for (const one of named) written.push(await writeFile(one.path, one.bytes, force))
  } catch (error) {
    for (const one of written) await removeFile(one.path)
    throw error
  }
  return { written, notes: [] }
}

async function writeFile(path: string, bytes: Bytes, force: boolean): Promise<OutputFile> {
  const sink = await nodeFolder(dirname(resolve(path)), { force }).create(basename(path))
  try {
    await sink.write(bytes)
    await sink.close()
  } catch (error) {
    await sink.abort()
    throw error
  }
  return { path, sizeBytes: bytes.length }
}

function describe(report: RunReport & { readonly files: readonly OutputFile[] }): string {
  const row = ({ name, dtype, shape }: ArrayRow) => `${oneLine(name, 120)} ${dtype}[${shape.join(',')}]`
  const { model, backend, inputs, outputs, timing, files, notes } = report
  return [
    `${model.name} on ${backend}: ${formatMs(timing.runMs)} (prepared in ${formatMs(timing.prepareMs)})`,
    `inputs:  ${inputs.map(row).join(', ')}`,
    `outputs: ${outputs.map(row).join(', ')}`,
    ...files.map(({ path, sizeBytes }) => `${path}: ${formatBytes(sizeBytes)}`),
    ...notes.map(noteLine),
  ].join('\n')
}
