/**
 * A GPU that work can lean on although GPUs fail: it starts when something first needs it, is started once more when it is
 * lost, and is given up after that. What it says about all of this are the notes of a report.
 */
import { AbortError, DeviceError, PlumeError } from '../../core/errors'
import { oneLine } from '../../core/one-line'
import type { Note } from '../../core/progress'
import type { Gpu, GpuAnswer } from './device'

/** After a fault: the same work may be tried again on the GPU, or is to be done by something else. */
export type Recovery = 'again' | 'elsewhere'

const MOST_RESTARTS = 1

export class GpuKeeper {
  readonly #open: () => Promise<GpuAnswer>
  readonly #notes: Note[]
  #answer: Promise<GpuAnswer> | undefined
  #restarts = 0

  /**
   * @param open asks for a new device; called again after a loss
   * @param notes where faults are told, each once
   */
  constructor(open: () => Promise<GpuAnswer>, notes: Note[] = []) {
    this.#open = open
    this.#notes = notes
  }

  /** The device that lives, or why there is none. */
  get(): Promise<GpuAnswer> {
    return (this.#answer ??= this.#open())
  }

  get notes(): readonly Note[] {
    return this.#notes
  }

  /**
   * To be asked when work on `gpu` failed and before it is done again.
   * @param error what it failed with
   * @throws that very error where it is not the GPU's fault: bad input, a cancelled run
   */
  async recover(gpu: Gpu, error: unknown): Promise<Recovery> {
    await settled(gpu)
    if (!isFault(error, gpu)) throw error
    if (!gpu.isLost) {
      const why = error instanceof Error ? error.message : String(error)
      this.#note(`The GPU failed, so WebAssembly took over and the work was repeated. ${oneLine(why)}`)
      return 'elsewhere'
    }
    const current = await this.get()
    // someone else's work failed for the same loss, and a new device is there already
    if (!('gpu' in current) || current.gpu !== gpu) return 'gpu' in current ? 'again' : 'elsewhere'
    return this.#restart()
  }

  dispose(): void {
    void this.#answer?.then((answer) => 'gpu' in answer && answer.gpu.dispose())
    this.#answer = undefined
  }

  async #restart(): Promise<Recovery> {
    if (this.#restarts < MOST_RESTARTS) {
      this.#restarts++
      this.#answer = this.#open()
      if ('gpu' in (await this.#answer)) {
        this.#note('The GPU was lost and started again; the work was repeated on it.')
        return 'again'
      }
    }
    this.#answer = Promise.resolve({ missing: { kind: 'lost', text: 'the GPU was lost' } })
    this.#note('The GPU was lost, so WebAssembly took over and the work was repeated.')
    return 'elsewhere'
  }

  #note(text: string): void {
    if (!this.#notes.some((note) => note.text === text)) this.#notes.push({ severity: 'warning', text })
  }
}

/** What browsers call failures of a device, beside our own DeviceError. */
const FAULTS = ['OperationError', 'AbortError', 'InvalidStateError', 'GPUPipelineError']

function isFault(error: unknown, gpu: Gpu): boolean {
  if (error instanceof AbortError) return false
  if (error instanceof PlumeError) return error instanceof DeviceError
  return gpu.isLost || (error instanceof Error && FAULTS.includes(error.name))
}

/** A loss is told after the failures that it causes. */
async function settled(gpu: Gpu): Promise<void> {
  await Promise.race([gpu.lost, new Promise<void>((done) => setTimeout(done, 0))])
}
