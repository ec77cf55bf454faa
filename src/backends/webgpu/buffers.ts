import { DeviceError } from '../../core/errors'

const LEAST_BYTES = 256
/** Above, sizes are rounded to whole steps instead of powers of two: a weight must not take twice its bytes. */
const STEP_BYTES = 1 << 20
/** Given back beyond it. */
const MOST_IDLE_BYTES = 64 << 20

/** Buffers of one device that are given back and taken again: loading a program after another makes few new ones. */
export class Buffers {
  readonly #device: GPUDevice
  readonly #idle = new Map<string, GPUBuffer[]>()
  #idleBytes = 0
  /** Bytes of those in use. */
  takenBytes = 0

  constructor(device: GPUDevice) {
    this.#device = device
  }

  /**
   * A buffer of at least so many bytes; what is in it is open.
   * @throws DeviceError naming the bytes asked for when the device has no room
   */
  async take(bytes: number, usage: GPUBufferUsageFlags, what: string): Promise<GPUBuffer> {
    const size = classOf(bytes)
    const idle = this.#idle.get(`${size} ${usage}`)?.pop()
    if (idle) this.#idleBytes -= size
    const buffer = idle ?? (await this.#make(size, usage, what))
    this.takenBytes += size
    return buffer
  }

  give(buffer: GPUBuffer): void {
    const { size, usage } = buffer
    this.takenBytes -= size
    if (this.#idleBytes + size > MOST_IDLE_BYTES) {
      buffer.destroy()
      return
    }
    const key = `${size} ${usage}`
    this.#idle.set(key, [...(this.#idle.get(key) ?? []), buffer])
    this.#idleBytes += size
  }

  async #make(size: number, usage: GPUBufferUsageFlags, what: string): Promise<GPUBuffer> {
    const device = this.#device
    const { maxBufferSize } = device.limits
    if (size > maxBufferSize) {
      throw new DeviceError(
        `The model needs ${size} bytes of GPU memory in one piece for ${what}, and this GPU gives at most ${maxBufferSize}. ` +
          'Use another backend (wasm), or a smaller batch.',
      )
    }
    device.pushErrorScope('validation')
    device.pushErrorScope('out-of-memory')
    const buffer = device.createBuffer({ size, usage, label: what })
    const errors = await Promise.all([device.popErrorScope(), device.popErrorScope()])
    const error = errors.find((one) => one !== null)
    if (error) {
      buffer.destroy()
      throw new DeviceError(
        `The GPU gave no ${size} bytes of memory for ${what} (${error.message}). Close other tabs or programs, use a ` +
          'smaller batch, or another backend: wasm.',
      )
    }
    return buffer
  }
}

function classOf(bytes: number): number {
  if (bytes > STEP_BYTES) return Math.ceil(bytes / STEP_BYTES) * STEP_BYTES
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, LEAST_BYTES)))
}
