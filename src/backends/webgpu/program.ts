/** A loaded program: everything is made once, a run only writes inputs, submits, and reads outputs. */
import { elementCount } from '../../core/dtypes'
import { assert, throwIfAborted } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import type { Operand } from '../kernel-calls'
import type { HostStep, LoadedProgram, Program, RunOptions } from '../machine'
import { deviceBytes, fromDevice, toDevice } from './elements'
import { aligned, BINDING_ALIGNMENT, bufferKeyOf, type EncodedProgram, type Range } from './encode'
import { FAULT_BYTES, throwFault } from './faults'
import type { WebgpuSession } from './session'
import { StepTimer } from './step-timer'
import { groupsOf, type Group, type LoadedCall, type LoadedDispatch } from './submits'
import { MAP_READ, USAGE } from './usage'

interface Own {
  readonly uniforms: GPUBuffer | undefined
  /** What a dispatch sees of them, from its offset. */
  readonly uniformBytes: number
  readonly tables: GPUBuffer | undefined
  readonly staging: GPUBuffer
}

export class WebgpuProgram implements LoadedProgram {
  readonly #session: WebgpuSession
  readonly #program: Program
  readonly #groups: readonly Group[]
  readonly #own: Own
  #bound: { generation: number; groups: Map<LoadedDispatch, GPUBindGroup>; sizes: Map<boolean, GPUBindGroup> }
  readonly #mayFail: boolean
  #timer: StepTimer | undefined
  #isDisposed = false

  private constructor(session: WebgpuSession, program: Program, groups: readonly Group[], own: Own) {
    this.#session = session
    this.#program = program
    this.#groups = groups
    this.#own = own
    const calls = groups.flatMap((group) => (group.type === 'calls' ? group.calls : []))
    this.#mayFail = calls.some(({ dispatches }) => dispatches.some(({ text }) => text.hasFault))
    this.#bound = { generation: -1, groups: new Map(), sizes: new Map() }
  }

  /** Milliseconds of each step of the last run that was measured; 0 for steps of the host. */
  get times(): readonly number[] | undefined {
    return this.#timer?.times
  }

  static async load(session: WebgpuSession, program: Program, encoded: EncodedProgram): Promise<WebgpuProgram> {
    const { buffers, device, facts, pipelines } = session.shared
    const calls = await Promise.all(
      [...encoded.calls.values()].map(async ({ step, index, dispatches }) => ({
        step,
        index,
        dispatches: await Promise.all(
          dispatches.map(async (one) => ({
            ...one,
            made: await pipelines.get(one.name, one.text, one.ranges.length),
          })),
        ),
      })),
    )
    const upload = async (bytes: Uint8Array<ArrayBuffer>, usage: number, what: string) => {
      if (bytes.length === 0) return undefined
      const buffer = await buffers.take(bytes.length, usage | USAGE.copyTarget, what)
      device.queue.writeBuffer(buffer, 0, bytes)
      return buffer
    }
    const own: Own = {
      uniforms: await upload(encoded.uniforms, USAGE.uniform, 'sizes'),
      uniformBytes: encoded.uniformBytes,
      tables: await upload(encoded.tables, USAGE.storage | USAGE.copySource, 'tables'),
      staging: await buffers.take(stagingBytes(program), USAGE.mapRead | USAGE.copyTarget, 'results'),
    }
    return new WebgpuProgram(session, program, groupsOf(program, calls, facts.isSoftware), own)
  }

  async run(inputs: readonly HostArray[], options: RunOptions = {}): Promise<HostArray[]> {
    const { signal } = options
    throwIfAborted(signal)
    assert(!this.#isDisposed, 'a program was run after it was disposed')
    const { health } = this.#session.shared
    const work = this.#session.inTurn(async () => {
      throwIfAborted(signal)
      health.check()
      return this.#run(inputs, options)
    })
    return health.endedBy(work, signal)
  }

  advance(inputs: readonly HostArray[]): Promise<void> {
    assert(!this.#isDisposed, 'a program was run after it was disposed')
    const { health } = this.#session.shared
    const work = this.#session.inTurn(async () => {
      health.check()
      await this.#advance(inputs)
    })
    return health.endedBy(work, undefined)
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    const { buffers } = this.#session.shared
    // a run that was aborted may still have the staging buffer mapped
    void this.#session.inTurn(async () => {
      const { uniforms, tables, staging } = this.#own
      for (const buffer of [uniforms, tables, staging]) if (buffer) buffers.give(buffer)
      this.#timer?.dispose()
    })
  }

  async #run(inputs: readonly HostArray[], { signal, onCost, measure }: RunOptions): Promise<HostArray[]> {
    const { device, facts, health } = this.#session.shared
    await this.#session.checkPending()
    this.#bind()
    this.#timer?.dispose()
    const steps = this.#program.steps.length
    const isTimed = measure && steps > 0 && facts.features.has('timestamp-query')
    this.#timer = isTimed ? new StepTimer(device, steps) : undefined
    this.#program.inputs.forEach((operand, i) => this.#write(operand, inputs[i] as HostArray))
    let done = 0
    // the last dispatches and the copies of their results go in one submit
    const last = this.#groups.at(-1)
    const encoder = device.createCommandEncoder()
    for (const group of this.#groups) {
      if (group.type === 'host' || !group.isFinal) throwIfAborted(signal)
      if (group.type === 'host') await this.#host(group.step, signal)
      else if (group === last) this.#encode(encoder, group.calls)
      else await this.#submit(group.calls)
      done += group.cost
      if (group !== last) onCost?.(done)
    }
    const results = await this.#read(this.#program.outputs, encoder)
    onCost?.(done)
    await this.#timer?.read()
    health.check()
    return results
  }

  /** One submit, but for steps of the host; what goes wrong on the device shows in the next run or read. */
  async #advance(inputs: readonly HostArray[]): Promise<void> {
    const { device } = this.#session.shared
    await this.#session.checkPending(this)
    this.#bind()
    this.#program.inputs.forEach((operand, i) => this.#write(operand, inputs[i] as HostArray))
    let encoder = device.createCommandEncoder()
    for (const group of this.#groups) {
      if (group.type === 'calls') {
        this.#encode(encoder, group.calls)
        continue
      }
      device.queue.submit([encoder.finish()])
      await this.#host(group.step, undefined)
      encoder = device.createCommandEncoder()
    }
    device.queue.submit([encoder.finish()])
    await this.#session.handedOver(this.#mayFail ? this : undefined)
  }

  /** @throws what a kernel found in an `advance` that nobody looked at */
  async checkFault(): Promise<void> {
    await this.#read([], this.#session.shared.device.createCommandEncoder())
  }

  async #submit(calls: readonly LoadedCall[]): Promise<void> {
    const { device } = this.#session.shared
    const encoder = device.createCommandEncoder()
    this.#encode(encoder, calls)
    device.queue.submit([encoder.finish()])
    await device.queue.onSubmittedWorkDone()
  }

  #encode(encoder: GPUCommandEncoder, calls: readonly LoadedCall[]): void {
    let pass: GPUComputePassEncoder | undefined
    const end = () => {
      pass?.end()
      pass = undefined
    }
    for (const { index, dispatches } of calls) {
      const writes = this.#timer?.writesOf(index)
      if (writes) end()
      for (const dispatch of dispatches) {
        if (dispatch.copies.length > 0) {
          end()
          for (const { from, to } of dispatch.copies) this.#copyToSpare(encoder, from, to)
        }
        pass ??= encoder.beginComputePass(writes ? { timestampWrites: writes } : undefined)
        this.#dispatch(pass, dispatch)
      }
    }
    end()
  }

  #dispatch(pass: GPUComputePassEncoder, dispatch: LoadedDispatch): void {
    const { made, grid, text, uniformOffset } = dispatch
    pass.setPipeline(made.pipeline)
    pass.setBindGroup(0, this.#bound.groups.get(dispatch) as GPUBindGroup)
    pass.setBindGroup(1, this.#bound.sizes.get(text.hasFault) as GPUBindGroup, [uniformOffset])
    pass.dispatchWorkgroups(...grid)
  }

  #copyToSpare(encoder: GPUCommandEncoder, from: Range, to: number): void {
    const session = this.#session
    const { tables } = this.#own
    const spare = session.bufferOf({ in: 'spare', offset: 0, bytes: 0 }, tables)
    encoder.copyBufferToBuffer(session.bufferOf(from, tables), from.offset, spare, to, from.bytes)
  }

  async #host(step: HostStep, signal: AbortSignal | undefined): Promise<void> {
    const wanted = step.inputs.filter((operand) => operand !== undefined)
    const arrays = await this.#read(wanted, this.#session.shared.device.createCommandEncoder())
    const results = await step.compute(step.inputs.map((operand) => operand && arrays[wanted.indexOf(operand)]))
    throwIfAborted(signal)
    step.outputs.forEach((operand, i) => {
      if (operand) this.#write(operand, results[i] as HostArray)
    })
  }

  #write(operand: Operand, array: HostArray): void {
    assert(
      array.dtype === operand.dtype && array.values.length === elementCount(operand.shape),
      `an array of ${array.dtype} with ${array.values.length} elements does not fit ${operand.dtype}[${operand.shape.join(', ')}]`,
    )
    const { device } = this.#session.shared
    const range = this.#rangeOf(operand)
    device.queue.writeBuffer(this.#session.bufferOf(range, undefined), range.offset, toDevice(array))
  }

  #rangeOf(operand: Operand): Range {
    const place = this.#program.places.get(operand)
    assert(place, `operand ${operand.id} has no place`)
    const bytes = deviceBytes(operand.dtype, elementCount(operand.shape))
    if (place.in === 'arena') return { in: 'arena', offset: place.offset, bytes }
    return { in: bufferKeyOf(place), offset: 0, bytes }
  }

  /** Copies operands to the host behind what is encoded already, and looks whether a kernel found a fault. */
  async #read(operands: readonly Operand[], encoder: GPUCommandEncoder): Promise<HostArray[]> {
    const session = this.#session
    const { device } = session.shared
    const { staging } = this.#own
    encoder.copyBufferToBuffer(session.fault, 0, staging, 0, FAULT_BYTES)
    let end = BINDING_ALIGNMENT
    const parts = operands.map((operand) => {
      const range = this.#rangeOf(operand)
      const at = end
      end = aligned(at + range.bytes)
      encoder.copyBufferToBuffer(session.bufferOf(range, undefined), range.offset, staging, at, range.bytes)
      return { operand, at, bytes: range.bytes }
    })
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(MAP_READ, 0, end)
    try {
      const mapped = staging.getMappedRange(0, end)
      throwFault(new DataView(mapped), this.#program, () => this.#forgetFault())
      return parts.map(({ operand, at, bytes }) =>
        fromDevice(operand.dtype, operand.shape, new Uint8Array(mapped, at, bytes)),
      )
    } finally {
      staging.unmap()
    }
  }

  #forgetFault(): void {
    const { fault, shared } = this.#session
    shared.device.queue.writeBuffer(fault, 0, new Uint8Array(FAULT_BYTES))
  }

  /** Bind groups name buffers: they are made when the session's are, and kept for all runs. */
  #bind(): void {
    const session = this.#session
    if (this.#bound.generation === session.generation) return
    const { device, pipelines } = session.shared
    const { tables, uniforms, uniformBytes } = this.#own
    const groups = new Map<LoadedDispatch, GPUBindGroup>()
    const sizes = new Map<boolean, GPUBindGroup>()
    for (const group of this.#groups) {
      if (group.type === 'host') continue
      for (const dispatch of group.calls.flatMap(({ dispatches }) => dispatches)) {
        const entries = dispatch.ranges.map((range, binding) => ({
          binding,
          resource: { buffer: session.bufferOf(range, tables), offset: range.offset, size: range.bytes },
        }))
        groups.set(dispatch, device.createBindGroup({ layout: dispatch.made.storage, entries }))
        const { hasFault } = dispatch.text
        if (!uniforms || sizes.has(hasFault)) continue
        const resources = [{ buffer: uniforms, size: uniformBytes }, ...(hasFault ? [{ buffer: session.fault }] : [])]
        const layout = pipelines.uniformLayout(hasFault)
        const bound = resources.map((resource, binding) => ({ binding, resource }))
        sizes.set(hasFault, device.createBindGroup({ layout, entries: bound }))
      }
    }
    this.#bound = { generation: session.generation, groups, sizes }
  }
}

function stagingBytes({ outputs, steps }: Program): number {
  const bytesOf = (operands: readonly (Operand | undefined)[]) =>
    operands.reduce(
      (sum, operand) => sum + (operand ? aligned(deviceBytes(operand.dtype, elementCount(operand.shape))) : 0),
      0,
    )
  const hosts = steps.map((step) => (step.type === 'host' ? bytesOf(step.inputs) : 0))
  return BINDING_ALIGNMENT + Math.max(bytesOf(outputs), ...hosts)
}
