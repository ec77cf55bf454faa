/** What a GPU can do at best, measured by the plainest shaders there are: what its kernels are held against. */
import type { Gpu } from './device'
import { Health } from './health'
import { FLOATS, QuantizeRunner, type Job } from './quantize-runner'

export interface DeviceLimits {
  /** Read plus written, of a copy that is larger than the caches. */
  readonly bytesPerSecond: number
  /** Of float32; a multiply-add counts two. */
  readonly flopsPerSecond: number
}

const VECTOR_BYTES = 16
/** A run lasts at least so long, so that starting it does not count. */
const LEAST_MS = 20
const ROUNDS = 5

/** What both of a kind of device can fill without taking seconds. */
const SIZES = {
  software: { copiedBytes: 1 << 24, invocations: 1 << 12 },
  hardware: { copiedBytes: 1 << 27, invocations: 1 << 20 },
} as const

/** @throws DeviceError where the device is lost or has no room */
export async function measureDevice({ device, facts }: Pick<Gpu, 'device' | 'facts'>): Promise<DeviceLimits> {
  const { copiedBytes, invocations } = facts.isSoftware ? SIZES.software : SIZES.hardware
  const runner = new QuantizeRunner(device, new Health(device))
  try {
    return {
      bytesPerSecond: await bandwidth(runner, copiedBytes),
      flopsPerSecond: await peak(runner, invocations),
    }
  } finally {
    runner.dispose()
  }
}

async function bandwidth(runner: QuantizeRunner, bytes: number): Promise<number> {
  const storage: Job['storage'] = [
    { name: 'x', layout: FLOATS, vector: 4, buffer: await runner.buffer('from', bytes) },
    { name: 'y', layout: FLOATS, vector: 4, buffer: await runner.buffer('to', bytes) },
  ]
  const copy: Job = { shader: 'copy-vectors', storage, sizes: {}, invocations: bytes / VECTOR_BYTES }
  // several in one submit, and one: the difference holds no waiting
  const [few, many] = [1, 9]
  const times = async (count: number) => best(runner, Array<Job>(count).fill(copy))
  const ms = ((await times(many)) - (await times(few))) / (many - few)
  return (2 * bytes) / (Math.max(ms, 1e-3) / 1000)
}

const SUMS = 32

async function peak(runner: QuantizeRunner, invocations: number): Promise<number> {
  const buffer = await runner.buffer('to', invocations * VECTOR_BYTES)
  const storage: Job['storage'] = [{ name: 'y', layout: FLOATS, vector: 4, buffer }]
  const job = (steps: number): Job => ({
    ...{ shader: 'peak', storage, invocations },
    sizes: { steps, factor: { f32: 0.5 }, term: { f32: 0.75 } },
  })
  let steps = 64
  while (steps < 1 << 20 && (await best(runner, [job(steps)], 1)) < LEAST_MS) steps *= 2
  const ms = (await best(runner, [job(2 * steps)])) - (await best(runner, [job(steps)]))
  return (2 * SUMS * steps * invocations) / (Math.max(ms, 1e-3) / 1000)
}

/** Milliseconds of the best of some runs: what disturbs only ever makes slower. The first compiles. */
async function best(runner: QuantizeRunner, jobs: readonly Job[], rounds = ROUNDS): Promise<number> {
  let least = Infinity
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now()
    await runner.inTurn(async () => {
      await runner.run({ jobs })
      await runner.device.queue.onSubmittedWorkDone()
    })
    if (round > 0) least = Math.min(least, performance.now() - start)
  }
  return least
}
