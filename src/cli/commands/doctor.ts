import { formatBytes } from '../../core/format-text'
import { FlagError } from '../args'
import type { Command } from '../command'
import { examine, type DoctorReport } from '../doctor/facts'
import { openRuntime } from '../environment'
import { table } from '../table'

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  help: 'what this machine has (GPU, SIMD, threads, storage), and what is used for what',
  flags: {},
  async run(args, terminal) {
    if (args.files.length > 0) throw new FlagError('plume doctor takes no files.')
    const report = await examine(openRuntime)
    terminal.print(describe(report))
    return report
  },
}

/** The limits that say whether a model fits. */
const SHOWN = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupStorageSize'] as const

function describe({ plume, system, simd, threads, gpu, onnxruntime, storage, uses, advice }: DoctorReport): string {
  const { adapter, isUsedByAuto, softwareDriver, features, limits } = gpu
  const folder = ({ path, freeBytes, isWritable }: DoctorReport['storage']['cache']) =>
    `${path}, ${freeBytes === null ? 'free space unknown' : `${formatBytes(freeBytes)} free`}${isWritable ? '' : ', cannot be written'}`
  const rows = [
    ['Plume', `${plume}, Node ${system.node}`],
    ['system', `${system.platform} ${system.release}, ${system.arch}`],
    ['processor', `${system.processor}, ${system.cores} cores`],
    ['memory', `${formatBytes(system.memoryBytes)}, ${formatBytes(system.freeMemoryBytes)} free`],
    ['SIMD', simd === 'relaxed' ? 'relaxed' : 'plain (128 bits)'],
    ['threads', `ONNX Runtime ${threads.onnxruntime}, own engine ${threads.engine}`],
    ['ONNX Runtime', `${onnxruntime.version} (${onnxruntime.provider})`],
    ['GPU', adapter ? `${adapter.name}${adapter.isSoftware ? ', software' : ''}` : 'none'],
    ['  used by auto', isUsedByAuto ? 'yes' : 'no'],
    ...(softwareDriver === undefined ? [] : [['  driver', softwareDriver]]),
    ...(adapter ? [['  features', features.join(', ')]] : []),
    ...SHOWN.flatMap((name) => (limits[name] === undefined ? [] : [[`  ${name}`, formatBytes(limits[name])]])),
    ['temporary files', folder(storage.temporary)],
    ['cache', folder(storage.cache)],
  ]
  return [
    table(['', ''], rows).trimStart(),
    '',
    table(
      ['what', 'runs on'],
      uses.map(({ what, on }) => [what, on]),
    ),
    ...(advice.length > 0 ? ['', ...advice] : []),
  ].join('\n')
}
