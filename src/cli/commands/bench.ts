import { availableParallelism, cpus } from 'node:os'
import { UsageError } from '../../core/errors'
import { formatMs, formatPercent } from '../../core/format-text'
import { fromTensor } from '../../core/host-array'
import type { Note } from '../../core/progress'
import type { Machine } from '../../backends/machine'
import { hasRelaxedSimd } from '../../backends/wasm/engine-module'
import { measureDevice } from '../../backends/webgpu/device-limits'
import { machineOf } from '../../engine/fallback'
import { openOnEngine } from '../../evaluate/engine-session'
import { syntheticData } from '../../evaluate/synthetic'
import { openInput } from '../../jobs/input'
import { FlagError, wholeNumber } from '../args'
import { BENCHMARKS } from '../bench/kernels'
import { measureLimits, type Limits } from '../bench/limits'
import { measureKernels, measureModel, type Measured } from '../bench/measure'
import type { Command } from '../command'
import { createMachinePorts, type MachinePorts, type Terminal } from '../environment'
import { kindOf, nodeFileSet } from '../files'
import { noteLine } from '../report-text'
import { table } from '../table'

/** `bench --json` prints it. */
interface BenchReport {
  readonly version: 1
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly node: string
    readonly relaxedSimd: boolean
  }
  readonly backend: string
  /** Of the GPU, where that computes. */
  readonly adapter?: string
  readonly limits: Limits
  readonly results: readonly Measured[]
  readonly notes: readonly Note[]
}

export const bench: Command = {
  name: 'bench',
  usage: '[NAME|MODEL]…',
  help: "our own engine's speed here, beside what this machine can do at best",
  flags: {},
  async run(args, terminal) {
    const asked = args.files.length > 0 ? args.files : Object.keys(BENCHMARKS)
    for (const name of asked) {
      if (Object.hasOwn(BENCHMARKS, name) || (await kindOf(name)) !== 'nothing') continue
      throw new FlagError(`There is no benchmark or file "${name}". There are: ${Object.keys(BENCHMARKS).join(', ')}.`)
    }
    const { machine, measure, adapter } = await machineFor(await createMachinePorts(args, terminal))
    const seed = wholeNumber(args, 'seed', 0)
    terminal.onProgress({ stage: 'limits', done: 0, total: 0, unit: 'items' })
    const limits = await measure()
    const results: Measured[] = []
    for (const [i, name] of asked.entries()) {
      terminal.onProgress({ stage: 'bench', item: name, done: i, total: asked.length, unit: 'items' })
      const benchmarks = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name]?.() : undefined
      if (benchmarks)
        for (const one of benchmarks) results.push(await measureKernels(one, machine, limits, terminal.signal))
      else results.push(await benchFile(name, machine, { limits, seed, terminal }))
    }
    const report: BenchReport = {
      version: 1,
      machine: {
        processor: cpus()[0]?.model ?? 'unknown',
        cores: availableParallelism(),
        node: process.version,
        relaxedSimd: hasRelaxedSimd(),
      },
      backend: machine === 'reference' ? machine : machine.name,
      ...(adapter !== undefined && { adapter }),
      limits,
      results,
      notes: terminal.notes,
    }
    terminal.print(describe(report))
    return report
  },
}

/** What computes, and what it can do at best. */
async function machineFor({ choice, gpu, openMachine }: MachinePorts) {
  if (choice === 'reference') return { machine: choice, measure: measureLimits }
  const answer = await gpu?.get()
  if (!answer || !('gpu' in answer)) return { machine: await openMachine(), measure: measureLimits }
  const machine = await machineOf(answer.gpu)
  return { machine, measure: () => measureDevice(answer.gpu), adapter: answer.gpu.adapter.name }
}

async function benchFile(
  path: string,
  machine: Machine | 'reference',
  { limits, seed, terminal }: { limits: Limits; seed: number; terminal: Terminal },
): Promise<Measured> {
  const { model } = await openInput(await nodeFileSet(path), terminal.signal)
  if (model.graph.nodes.length === 0) throw new UsageError(`${path} holds weights without a graph; nothing can be run.`)
  const session = await openOnEngine(model, machine, terminal.signal)
  try {
    const data = await syntheticData(model, session, { seed, signal: terminal.signal })
    const feeds = new Map([...(await data.single())].map(([name, value]) => [name, fromTensor(value)]))
    return await measureModel({ name: path, title: path, model, feeds }, machine, limits, terminal.signal)
  } finally {
    await session.release()
  }
}

function describe({ machine, backend, adapter, limits, results, notes }: BenchReport): string {
  const giga = (value: number) => (value / 1e9).toFixed(1)
  const rows = results.map(({ title, ms, flopsPerSecond, bytesPerSecond, limit, limitMs, share, flops }) => [
    title,
    formatMs(ms),
    flops > 0 ? giga(flopsPerSecond) : '',
    bytesPerSecond > 0 ? giga(bytesPerSecond) : '',
    limitMs > 0 ? `${formatMs(limitMs)} (${limit})` : '',
    limitMs > 0 ? formatPercent(share, 0) : '',
  ])
  const where = `${backend}${machine.relaxedSimd ? ', relaxed SIMD' : ''}, one thread`
  return [
    `${machine.processor}, ${machine.cores} cores, Node ${machine.node}; ${adapter ? `${backend}, ${adapter}` : where}`,
    `at best: ${giga(limits.flopsPerSecond)} GFLOP/s (${adapter ? 'float32' : 'WASM SIMD, one core'}), ${giga(limits.bytesPerSecond)} GB/s (copy)`,
    '',
    table(['', 'per run', 'GFLOP/s', 'GB/s', 'limit', 'of limit'], rows),
    ...notes.map(noteLine),
  ].join('\n')
}
