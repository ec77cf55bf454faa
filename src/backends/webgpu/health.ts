import { AbortError, DeviceError } from '../../core/errors'

/** Remembers what went wrong with a device between two looks. */
export class Health {
  #loss: string | undefined
  /** Told once: the run in which it is seen fails, the next one may succeed. */
  #error: string | undefined
  readonly lost: Promise<never>

  constructor(device: GPUDevice) {
    this.lost = device.lost.then(({ message }) => {
      this.#loss = `The GPU was lost${message ? ` (${message})` : ''}. Start again, or use another backend: wasm.`
      throw new DeviceError(this.#loss)
    })
    this.lost.catch(() => undefined)
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#error ??= `The GPU reported an error (${error.message}). Use another backend: wasm or reference.`
    })
  }

  /** @throws DeviceError */
  check(): void {
    const problem = this.#loss ?? this.#error
    this.#error = undefined
    if (problem !== undefined) throw new DeviceError(problem)
  }

  /**
   * What the work gives, unless the device is lost or the caller aborts first; the work itself goes on.
   * @throws DeviceError, AbortError, whatever the work throws
   */
  async endedBy<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (!signal) return Promise.race([work, this.lost])
    let onAbort: (() => void) | undefined
    const aborted = new Promise<never>((_, fail) => {
      onAbort = () => fail(new AbortError())
      signal.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return await Promise.race([work, this.lost, aborted])
    } finally {
      if (onAbort) signal.removeEventListener('abort', onAbort)
    }
  }
}
