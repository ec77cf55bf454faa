/** The proof's further providers: each runs the result on the samples, beside the judge. */
import type { Bytes } from '../../core/bytes'
import { AbortError, PlumeError, throwIfAborted, UnsupportedError } from '../../core/errors'
import type { Note, OnProgress } from '../../core/progress'
import type { Session } from '../../runtime/runtime'
import { cutRows, type Batch, type PreparedData } from '../data'
import type { ProviderResult, Speed } from '../quality'
import { openModel, runBatches, type ModelFile, type Reference } from '../reference'
import { measureSpeedOn } from '../speed'
import { chooseBatches, type ChosenBatches } from './chosen-batches'
import { disagreementText } from './disagreement'
import { ProviderMeter, type Outputs } from './provider-meter'
import type { OpenProvider, OtherProvider } from './provider'

export interface OpinionOptions {
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  /** Most samples of the user's data; of made-up inputs a few are enough. */
  readonly maxSamples?: number
  /** What one provider may take; then it stops where it is. */
  readonly deadlineMs?: number
}

export interface Opinions {
  /** Of those that ran, in the order in which they were given. */
  readonly providers: readonly ProviderResult[]
  readonly speed: readonly Speed[]
  readonly notes: readonly Note[]
}

const SYNTHETIC_SAMPLES = 3
const MAX_SAMPLES = 500
const DEADLINE_MS = 60_000

/**
 * Runs a result on other providers, one batch after the other on all of them, and holds each against the original and
 * against what the judge makes of the result.
 * Never throws for what a provider cannot do: the proof by the judge stands without it.
 * @throws AbortError, RuntimeFailure of the judge
 */
export async function gatherOpinions(
  reference: Reference,
  result: ModelFile,
  providers: readonly OtherProvider[],
  options: OpinionOptions,
): Promise<Opinions> {
  const { signal, onProgress, deadlineMs = DEADLINE_MS, maxSamples = MAX_SAMPLES } = options
  const most = reference.data.kind === 'synthetic' ? SYNTHETIC_SAMPLES : maxSamples
  const chosen = chooseBatches(reference, most)
  const { data } = chosen
  onProgress({ stage: 'second', done: 0, total: data.count, unit: 'items' })
  const opinions = providers.map((provider) => new Opinion(provider, reference, { signal, deadlineMs }))
  try {
    for (const opinion of opinions) await opinion.open(result.bytes, data)
    if (opinions.some(({ isRunning }) => isRunning)) {
      for await (const step of judgedBatches(reference, result, chosen, signal)) {
        for (const opinion of opinions) await opinion.run(step)
        onProgress({ stage: 'second', done: step.batch.start + step.batch.count, total: data.count, unit: 'items' })
        if (!opinions.some(({ isRunning }) => isRunning)) break
      }
    }
    for (const opinion of opinions) {
      opinion.conclude()
      await opinion.time(result)
    }
    return {
      providers: opinions.flatMap(({ result: found }) => found ?? []),
      speed: opinions.flatMap(({ speed }) => speed ?? []),
      notes: opinions.flatMap(({ notes }) => notes),
    }
  } finally {
    for (const opinion of opinions) await opinion.close()
  }
}

interface JudgedBatch {
  readonly batch: Batch
  readonly before: Outputs
  readonly judged: Outputs
}

/** What the judge makes of both models, batch by batch. */
async function* judgedBatches(
  reference: Reference,
  result: ModelFile,
  { data, indexOf }: ChosenBatches,
  signal: AbortSignal,
): AsyncGenerator<JudgedBatch> {
  const { runtime, original, stored } = reference
  const session = await openModel(runtime, result)
  const again = stored ? null : await openModel(runtime, original)
  try {
    const repeated = again && runBatches(again, data, { signal, item: 'original' })
    for await (const { batch, outputs } of runBatches(session, data, { signal, item: 'result' })) {
      const kept = stored?.[indexOf(batch.start)]
      const before = repeated
        ? ((await repeated.next()).value?.outputs as Outputs)
        : cutToBatch(kept!, batch, reference)
      yield { batch, before, judged: outputs }
    }
  } finally {
    await session.release()
    await again?.release()
  }
}

/** The stored outputs of a whole batch, of which only the first samples were run. */
function cutToBatch(outputs: Outputs, { count }: Batch, { data }: Reference): Outputs {
  const rows = Math.max(...[...outputs.values()].map(({ shape }) => shape[0] ?? 0))
  return rows > count && data.count > count ? cutRows(outputs, { rows, count, start: 0, feeds: new Map() }) : outputs
}

class Opinion {
  readonly notes: Note[] = []
  speed: Speed | undefined
  readonly provider: OtherProvider
  readonly #reference: Reference
  readonly #meter: ProviderMeter
  readonly #signal: AbortSignal
  readonly #deadlineMs: number
  /** Ends what runs too long. */
  readonly #end = new AbortController()
  #leftMs: number
  #hasFailed = false
  #open: OpenProvider | undefined
  #runs: AsyncGenerator<{ outputs: Outputs }> | undefined

  constructor(provider: OtherProvider, reference: Reference, options: { signal: AbortSignal; deadlineMs: number }) {
    this.provider = provider
    this.#reference = reference
    this.#meter = new ProviderMeter(reference)
    this.#signal = options.signal
    this.#deadlineMs = options.deadlineMs
    this.#leftMs = options.deadlineMs
  }

  get isRunning(): boolean {
    return this.#runs !== undefined
  }

  async open(model: Bytes, data: PreparedData): Promise<void> {
    await this.#attempt(async (signal) => {
      const opened = await this.provider.open(model, signal)
      if (!opened) return
      if ('refused' in opened) return this.#giveUp(opened.refused)
      this.#open = opened
      this.#runs = runBatches(opened.session, data, { signal, item: 'result' })
    })
  }

  async run({ batch, before, judged }: JudgedBatch): Promise<void> {
    if (!this.#runs) return
    await this.#attempt(async () => {
      const next = await this.#runs?.next()
      if (next && !next.done) this.#meter.add(batch, before, judged, next.value.outputs)
    })
  }

  /** Said when all samples have been seen. */
  conclude(): void {
    const { result } = this
    if (result && !this.#meter.agrees) this.notes.push({ severity: 'warning', text: disagreementText(result) })
  }

  /** Of both models, where people run models there. */
  async time(file: ModelFile): Promise<void> {
    const { provider } = this
    if (!provider.isTimed || !this.#open || !this.result) return
    const { name } = this.#open
    const untimed = (why: string) =>
      void this.notes.push({ severity: 'info', text: `The speed on ${name} was not measured: ${why}.` })
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#deadlineMs)])
    const open = async ({ bytes }: ModelFile): Promise<Session> => {
      const opened = await provider.open(bytes, signal)
      if (!opened || 'refused' in opened) throw new UnsupportedError(opened?.refused ?? '')
      return opened.session
    }
    try {
      this.speed = await measureSpeedOn({ provider: name, open }, this.#reference, file, { signal })
    } catch (error) {
      throwIfAborted(this.#signal)
      if (error instanceof AbortError) untimed(this.#tooLong)
      else if (error instanceof PlumeError) untimed(error.message.replace(/\.$/, ''))
      else throw error
    }
  }

  get result(): ProviderResult | undefined {
    if (!this.#open || this.#hasFailed || this.#meter.samples === 0) return undefined
    const saturation = this.#open.saturation?.()
    return { ...this.#meter.result(this.#open.name), ...(saturation && { saturation }) }
  }

  async close(): Promise<void> {
    await this.#runs?.return(undefined)
    await this.#open?.session.release()
    this.provider.close?.()
  }

  get #tooLong(): string {
    return `it takes longer than ${this.#deadlineMs / 1000} s`
  }

  #giveUp(why: string): void {
    this.#hasFailed = true
    this.#runs = undefined
    this.notes.push({ severity: 'info', text: this.provider.notes.notRun(why) })
  }

  /** Its time is over. */
  #cut(): void {
    if (this.#meter.samples === 0) return this.#giveUp(this.#tooLong)
    this.#runs = undefined
    this.notes.push({
      severity: 'info',
      text: this.provider.notes.cut(this.#meter.samples, this.#deadlineMs / 1000),
    })
  }

  async #attempt(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const start = performance.now()
    const timer = setTimeout(() => this.#end.abort(), Math.max(0, this.#leftMs))
    try {
      await work(AbortSignal.any([this.#signal, this.#end.signal]))
    } catch (error) {
      throwIfAborted(this.#signal)
      if (error instanceof AbortError) this.#cut()
      else if (error instanceof PlumeError) this.#giveUp(error.message.replace(/\.$/, ''))
      else throw error
    } finally {
      clearTimeout(timer)
      this.#leftMs -= performance.now() - start
    }
  }
}
