import type { Machine, Program } from '../../backends/machine'
import type { HostArray } from '../../core/host-array'
import { openEngine, type EngineSession } from '../../engine/session'
import type { Model } from '../../graph/model'
import type { Limits } from './limits'

/** One figure, with the least time that the machine's limits allow beside it. */
export interface Measured {
  readonly name: string
  readonly title: string
  /** Of one run: of the kernels alone, or of a whole model with its inputs and outputs copied. */
  readonly ms: number
  readonly flops: number
  /** Read and written, each operand of each kernel once. */
  readonly bytes: number
  readonly flopsPerSecond: number
  readonly bytesPerSecond: number
  /** Which limit is nearer. */
  readonly limit: 'arithmetic' | 'memory'
  readonly limitMs: number
  /** limitMs / ms; above 1 where the operands lie in the caches. */
  readonly share: number
}

interface Subject {
  readonly name: string
  readonly title: string
  readonly model: Model
  readonly feeds: ReadonlyMap<string, HostArray>
}

const ROUNDS = 9
/** A round lasts at least so long, so that the clock's step does not matter. */
const ROUND_MS = 20
const MOST_REPEATS = 200

/**
 * Times the kernels of a small model: the program once and several times over in one run, so that what surrounds it
 * (copying in and out, starting) cancels out.
 */
export async function measureKernels(
  subject: Subject,
  machine: Machine | 'reference',
  limits: Limits,
  signal: AbortSignal,
) {
  if (machine === 'reference') return measureModel(subject, machine, limits, signal)
  const work = await workOf(subject, machine, signal)
  const once = await withSession(subject.model, machine, signal, (session) => timesOf(session, subject, signal, 3))
  const repeats = Math.max(3, Math.min(MOST_REPEATS, Math.ceil(ROUND_MS / Math.max(0.01, median(once)))))
  const differences: number[] = []
  await withSession(subject.model, machine, signal, async (one) =>
    withSession(subject.model, repeating(machine, repeats), signal, async (many) => {
      for (let round = 0; round < ROUNDS; round++) {
        const [short = 0] = await timesOf(one, subject, signal, 1)
        const [long = 0] = await timesOf(many, subject, signal, 1)
        if (round > 0) differences.push((long - short) / (repeats - 1))
      }
    }),
  )
  return figures(subject, Math.max(median(differences), 1e-6), work, limits)
}

/** Times whole runs of a model. */
export async function measureModel(
  subject: Subject,
  machine: Machine | 'reference',
  limits: Limits,
  signal: AbortSignal,
): Promise<Measured> {
  const work = await workOf(subject, machine, signal)
  const times = await withSession(subject.model, machine, signal, async (session) => {
    await timesOf(session, subject, signal, 1)
    return timesOf(session, subject, signal, machine === 'reference' ? 1 : ROUNDS)
  })
  return figures(subject, median(times), work, limits)
}

interface Work {
  readonly flops: number
  readonly bytes: number
}

/** On the reference, which plans nothing, nothing is known of it. */
const workOf = ({ model, feeds }: Subject, machine: Machine | 'reference', signal: AbortSignal): Promise<Work> =>
  withSession(model, machine, signal, (session) => session.explain(feeds, { signal }))

async function withSession<T>(
  model: Model,
  machine: Machine | 'reference',
  signal: AbortSignal,
  work: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const session = await openEngine(model, { machine, signal })
  try {
    return await work(session)
  } finally {
    session.dispose()
  }
}

async function timesOf(session: EngineSession, { feeds }: Subject, signal: AbortSignal, rounds: number) {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await session.run(feeds, { signal })
    times.push(performance.now() - start)
  }
  return times
}

/** The same machine, running every program so many times over. */
function repeating(machine: Machine, count: number): Machine {
  return {
    name: machine.name,
    placeAlignment: machine.placeAlignment,
    bytesPerElement: (dtype) => machine.bytesPerElement(dtype),
    supports: (call) => machine.supports(call),
    async open() {
      const session = await machine.open()
      return {
        get memoryBytes() {
          return session.memoryBytes
        },
        release: (constants) => session.release(constants),
        write: (states) => session.write(states),
        read: (states) => session.read(states),
        dispose: () => session.dispose(),
        load: (program: Program) =>
          session.load({ ...program, steps: Array.from({ length: count }, () => program.steps).flat() }),
      }
    },
  }
}

function figures({ name, title }: Subject, ms: number, { flops, bytes }: Work, limits: Limits): Measured {
  const arithmeticMs = (1000 * flops) / limits.flopsPerSecond
  const memoryMs = (1000 * bytes) / limits.bytesPerSecond
  const limitMs = Math.max(arithmeticMs, memoryMs)
  return {
    name,
    title,
    ms,
    flops,
    bytes,
    flopsPerSecond: (1000 * flops) / ms,
    bytesPerSecond: (1000 * bytes) / ms,
    limit: arithmeticMs >= memoryMs ? 'arithmetic' : 'memory',
    limitMs,
    share: limitMs / ms,
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
