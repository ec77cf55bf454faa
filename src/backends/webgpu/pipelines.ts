import { DeviceError } from '../../core/errors'
import type { ShaderText } from './shader'

export interface Pipeline {
  readonly pipeline: GPUComputePipeline
  readonly storage: GPUBindGroupLayout
  readonly uniform: GPUBindGroupLayout
}

/** Compiled shaders of one device, each text once. Layouts are explicit, so that all programs share their bind groups. */
export class Pipelines {
  readonly #device: GPUDevice
  readonly #made = new Map<string, Promise<Pipeline>>()
  readonly #storage = new Map<number, GPUBindGroupLayout>()
  readonly #uniform = new Map<boolean, GPUBindGroupLayout>()
  readonly #layouts = new Map<string, GPUPipelineLayout>()

  constructor(device: GPUDevice) {
    this.#device = device
  }

  get count(): number {
    return this.#made.size
  }

  /**
   * @param name of the shader, for messages
   * @param bindings of group 0
   * @throws DeviceError with the compiler's words
   */
  get(name: string, text: ShaderText, bindings: number): Promise<Pipeline> {
    const known = this.#made.get(text.code)
    if (known) return known
    const made = this.#make(name, text, bindings)
    this.#made.set(text.code, made)
    made.catch(() => this.#made.delete(text.code))
    return made
  }

  async #make(name: string, { code, hasFault }: ShaderText, bindings: number): Promise<Pipeline> {
    const device = this.#device
    const storage = this.#storageLayout(bindings)
    const uniform = this.uniformLayout(hasFault)
    const module = device.createShaderModule({ code, label: name })
    try {
      const layout = this.#pipelineLayout(bindings, hasFault)
      const pipeline = await device.createComputePipelineAsync({
        label: name,
        layout,
        compute: { module, entryPoint: 'main' },
      })
      return { pipeline, storage, uniform }
    } catch (error) {
      throw new DeviceError(await this.#explain(name, module, error))
    }
  }

  async #explain(name: string, module: GPUShaderModule, error: unknown): Promise<string> {
    const { messages } = await module.getCompilationInfo().catch(() => ({ messages: [] }))
    const first = messages.find(({ type }) => type === 'error')
    const why = first
      ? `line ${first.lineNum}: ${first.message}`
      : error instanceof Error
        ? error.message
        : String(error)
    return `The GPU refused the shader ${name} (${why}). Use another backend: wasm or reference.`
  }

  #storageLayout(bindings: number): GPUBindGroupLayout {
    const known = this.#storage.get(bindings)
    if (known) return known
    const made = this.#device.createBindGroupLayout({
      entries: Array.from({ length: bindings }, (_, binding) => ({
        binding,
        visibility: GPU_COMPUTE,
        buffer: { type: 'storage' as const },
      })),
    })
    this.#storage.set(bindings, made)
    return made
  }

  /** Group 1: the sizes of one dispatch, at an offset into those of the program, and the fault of the session. */
  uniformLayout(hasFault: boolean): GPUBindGroupLayout {
    const known = this.#uniform.get(hasFault)
    if (known) return known
    const sizes = { binding: 0, visibility: GPU_COMPUTE, buffer: { type: 'uniform' as const, hasDynamicOffset: true } }
    const fault = { binding: 1, visibility: GPU_COMPUTE, buffer: { type: 'storage' as const } }
    const made = this.#device.createBindGroupLayout({ entries: hasFault ? [sizes, fault] : [sizes] })
    this.#uniform.set(hasFault, made)
    return made
  }

  #pipelineLayout(bindings: number, hasFault: boolean): GPUPipelineLayout {
    const key = `${bindings} ${hasFault}`
    const known = this.#layouts.get(key)
    if (known) return known
    const made = this.#device.createPipelineLayout({
      bindGroupLayouts: [this.#storageLayout(bindings), this.uniformLayout(hasFault)],
    })
    this.#layouts.set(key, made)
    return made
  }
}

/** GPUShaderStage.COMPUTE: the object that names it is a global of browsers only. */
const GPU_COMPUTE = 4
