import { startSha256 } from '../../core/hash'
import { throwIfAborted } from '../../core/errors'
import type { Reference } from '../../evaluate/compare'
import type { Runtime } from '../../runtime/runtime'
import type { JobPorts } from '../ports'
import { readKept, type KeptScore } from '../search/kept'
import type { Score } from '../search/score'
import { makeVariant, scoreVariant, type Workshop } from '../search/variant'
import type { Trials } from '../trials'
import type { Step } from './variants'

export interface ScorerOptions {
  readonly workshop: Workshop
  readonly reference: Reference
  readonly trials: Trials
  /** All that decides a score besides the step. */
  readonly identity: unknown
}

/** Scores versions of a model; what was scored before, or comes out as the same bytes, is not scored again. */
export class Scorer {
  readonly #options: ScorerOptions
  readonly #ports: JobPorts
  readonly #byBytes = new Map<string, Promise<Score>>()

  constructor(options: ScorerOptions, ports: JobPorts) {
    this.#options = options
    this.#ports = ports
  }

  /** @param runtime that runs it; default: the reference's */
  async score(name: string, step: Step, runtime?: Runtime): Promise<KeptScore> {
    const { workshop, trials, identity } = this.#options
    throwIfAborted(this.#ports.signal)
    const asked = { ...{ identity }, step }
    const known = readKept(await trials.takePart(name, asked))
    if (known) return known
    const start = this.#ports.now()
    const { bytes, layers } = await makeVariant(workshop, [step], this.#ports)
    const hash = await startSha256()
    hash.update(bytes)
    const key = hash.digest()
    let score = this.#byBytes.get(key)
    if (!score) this.#byBytes.set(key, (score = this.#run(bytes, runtime)))
    const made = { sizeBytes: bytes.byteLength, score: await score, layers }
    await trials.keepPart(asked, made, this.#ports.now() - start)
    return made
  }

  #run(bytes: Parameters<typeof scoreVariant>[1], runtime: Runtime | undefined): Promise<Score> {
    const { reference } = this.#options
    const quiet = { signal: this.#ports.signal, onProgress: () => {} }
    return scoreVariant(runtime ? { ...reference, runtime } : reference, bytes, quiet)
  }
}
