/** A program as dispatches: where each binding lies, which shader runs, what its uniform says. */
import { deviceLayout, type DeviceLayout } from '../../core/device-layout'
import { elementCount } from '../../core/dtypes'
import { assert } from '../../core/errors'
import { writesOf } from '../call-operands'
import type { KernelCall, Operand } from '../kernel-calls'
import type { CallStep, Constant, Place, Program, State } from '../machine'
import type { DeviceFacts, Dispatch, Storage, Table, Temporary } from './dispatch'
import { deviceBytes } from './elements'
import { kernelOf } from './kernels'
import { assemble, gridOf, packSizes, sizesOf, type Declared, type ShaderText } from './shader'

/** Bytes that offsets of bindings are multiples of: the least that the specification guarantees. */
export const BINDING_ALIGNMENT = 256

export const aligned = (bytes: number): number => Math.ceil(bytes / BINDING_ALIGNMENT) * BINDING_ALIGNMENT

/** Bytes of a buffer that a dispatch sees. */
export interface Range {
  /** 'spare': what would overlap another binding is copied there before the dispatch. */
  readonly in: 'arena' | 'tables' | 'spare' | Constant | State
  readonly offset: number
  readonly bytes: number
}

export interface EncodedDispatch {
  readonly name: string
  readonly text: ShaderText
  readonly ranges: readonly Range[]
  /** Copied into the spare buffer before it runs. */
  readonly copies: readonly { readonly from: Range; readonly to: number }[]
  /** Bytes from the start of the program's uniforms. */
  readonly uniformOffset: number
  readonly grid: readonly [number, number, number]
}

export interface EncodedCall {
  readonly step: CallStep
  /** Place of the step in the program. */
  readonly index: number
  readonly dispatches: readonly EncodedDispatch[]
}

export interface EncodedProgram {
  readonly calls: ReadonlyMap<number, EncodedCall>
  /** Those of all dispatches; any of them sees `uniformBytes` from its offset. */
  readonly uniforms: Uint8Array<ArrayBuffer>
  readonly uniformBytes: number
  readonly tables: Uint8Array<ArrayBuffer>
  /** The arena with what calls need for themselves. */
  readonly arenaBytes: number
  readonly spareBytes: number
}

export function encodeProgram(program: Program, facts: DeviceFacts): EncodedProgram {
  const encoder = new Encoder(program, facts)
  program.steps.forEach((step, index) => {
    if (step.type === 'call') encoder.add(step, index)
  })
  return encoder.result()
}

class Encoder {
  readonly #program: Program
  readonly #facts: DeviceFacts
  readonly #calls = new Map<number, EncodedCall>()
  readonly #uniforms = new Pieces()
  readonly #tables = new Pieces()
  readonly #temporaryStart: number
  #arenaBytes: number
  #spareBytes = 0
  #mayFail = false

  constructor(program: Program, facts: DeviceFacts) {
    this.#program = program
    this.#facts = facts
    this.#temporaryStart = aligned(program.arenaBytes)
    this.#arenaBytes = this.#temporaryStart
  }

  add(step: CallStep, index: number): void {
    const { call } = step
    const temporaries = new Map<Temporary, Range>()
    const written = new Set(writesOf(call))
    const dispatches = kernelOf(call)
      .encode(call, this.#facts)
      .map((dispatch) => this.#dispatch(dispatch, { call, index, temporaries, written }))
    this.#calls.set(index, { step, index, dispatches })
  }

  result(): EncodedProgram {
    return {
      calls: this.#calls,
      uniforms: this.#uniforms.bytes(this.#uniforms.mostBytes),
      uniformBytes: this.#uniforms.mostBytes,
      tables: this.#tables.bytes(),
      arenaBytes: this.#arenaBytes,
      spareBytes: this.#spareBytes,
    }
  }

  #dispatch(dispatch: Dispatch, one: CallInProgress): EncodedDispatch {
    const declared: Declared[] = []
    const ranges: Range[] = []
    const copies: { from: Range; to: number }[] = []
    let spare = 0
    const all = dispatch.storage.map((storage, i) => ({
      storage,
      range: this.#rangeOf(storage, one.temporaries),
      isWritten: isWritten(dispatch.storage, i, one.written),
    }))
    all.forEach(({ storage, range, isWritten }, i) => {
      const same = one.call.kernel === 'map' && !isWritten ? sharedWithOutput(all, i) : undefined
      declared.push({ ...declarationOf(storage), ...(same !== undefined && { isSameAs: same }) })
      if (same !== undefined) return
      const clashes = all.some((other, k) => overlaps(range, other.range) && (k < i || other.isWritten) && k !== i)
      if (!clashes || isWritten) {
        ranges.push(range)
        return
      }
      copies.push({ from: range, to: spare })
      ranges.push({ in: 'spare', offset: spare, bytes: range.bytes })
      spare += aligned(range.bytes)
    })
    this.#spareBytes = Math.max(this.#spareBytes, spare)
    const writesFrom = this.#program.writesFrom ?? Infinity
    // states stay as they are once something has gone wrong, though nobody looks before they are written
    const text = assemble(dispatch, declared, this.#mayFail && one.index >= writesFrom)
    if (one.index < writesFrom) this.#mayFail ||= text.hasFault
    const sizes = packSizes(sizesOf(dispatch, text.hasFault ? one.index + 1 : undefined))
    const { grid } = dispatch
    return {
      name: dispatch.shader,
      text,
      ranges,
      copies,
      uniformOffset: this.#uniforms.add(new Uint8Array(sizes)),
      grid:
        'workgroups' in grid
          ? grid.workgroups
          : gridOf(
              Math.ceil(grid.invocations / text.perInvocation),
              this.#facts.limits.maxComputeWorkgroupsPerDimension,
            ),
    }
  }

  #rangeOf({ of, from = 0, count }: Storage, temporaries: Map<Temporary, Range>): Range {
    if ('table' in of) return this.#tableRange(of)
    if ('temporary' in of) return this.#temporaryRange(of, temporaries)
    const { place, bytes } = this.#placeOf(of)
    const start = deviceBytes(of.dtype, from)
    assert(start % BINDING_ALIGNMENT === 0, `a part of an operand starts at byte ${start}`)
    const partBytes = count === undefined ? bytes - start : deviceBytes(of.dtype, count)
    // whole vectors of four words, inside the padding that every place has
    const padded = Math.ceil(partBytes / 16) * 16
    if (place.in === 'arena') return { in: 'arena', offset: place.offset + start, bytes: padded }
    return { in: bufferKeyOf(place), offset: start, bytes: padded }
  }

  #placeOf(operand: Operand): { place: Place; bytes: number } {
    const place = this.#program.places.get(operand)
    assert(place, `operand ${operand.id} has no place`)
    return { place, bytes: deviceBytes(operand.dtype, elementCount(operand.shape)) }
  }

  #tableRange({ table }: Table): Range {
    const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength)
    return { in: 'tables', offset: this.#tables.add(bytes), bytes: Math.ceil(bytes.length / 16) * 16 }
  }

  #temporaryRange(temporary: Temporary, known: Map<Temporary, Range>): Range {
    const found = known.get(temporary)
    if (found) return found
    const last = [...known.values()].at(-1)
    const offset = last ? aligned(last.offset + last.bytes) : this.#temporaryStart
    const made: Range = { in: 'arena', offset, bytes: Math.ceil(temporary.count / 4) * 16 }
    known.set(temporary, made)
    this.#arenaBytes = Math.max(this.#arenaBytes, aligned(offset + made.bytes))
    return made
  }
}

/** What a place outside of the arena has a buffer for. */
export const bufferKeyOf = (place: Exclude<Place, { in: 'arena' }>): Constant | State =>
  place.in === 'constant' ? place.constant : place.state

interface CallInProgress {
  readonly call: KernelCall
  readonly index: number
  readonly temporaries: Map<Temporary, Range>
  readonly written: ReadonlySet<Operand>
}

/** An operand that is read and written stands twice, at last where it is written. */
function isWritten(all: readonly Storage[], i: number, written: ReadonlySet<Operand>): boolean {
  const { of } = all[i]!
  if ('temporary' in of) return true
  return 'dtype' in of && written.has(of) && all.findLastIndex((other) => other.of === of) === i
}

interface Bound {
  readonly storage: Storage
  readonly range: Range
  readonly isWritten: boolean
}

const overlaps = (a: Range, b: Range): boolean =>
  a.in === b.in && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes

/** The name of the output that lies exactly where an input lies. */
function sharedWithOutput(all: readonly Bound[], i: number): string | undefined {
  const { range } = all[i]!
  return all.find(
    (other, k) => k !== i && other.isWritten && other.range.in === range.in && other.range.offset === range.offset,
  )?.storage.name
}

const WORDS: Readonly<Record<'f32' | 'i32' | 'u32', DeviceLayout>> = {
  f32: { scalar: 'f32', bits: 32 },
  i32: { scalar: 'i32', bits: 32 },
  u32: { scalar: 'u32', bits: 32 },
}

function declarationOf({ name, of, vector, isWords, isAtomic }: Storage): Declared {
  const layout = isWords ? WORDS.u32 : layoutOf(of)
  return { name, layout, ...(vector && { vector }), ...(isAtomic && { isAtomic }) }
}

function layoutOf(of: Storage['of']): DeviceLayout {
  if ('temporary' in of) return WORDS[of.temporary]
  if ('table' in of) {
    return of.table instanceof Float32Array ? WORDS.f32 : of.table instanceof Int32Array ? WORDS.i32 : WORDS.u32
  }
  const layout = deviceLayout(of.dtype)
  assert(layout, `an operand of ${of.dtype}, which the device cannot hold`)
  return layout
}

/** Bytes put behind each other, each piece where a binding may start. */
class Pieces {
  readonly #pieces: { at: number; bytes: Uint8Array }[] = []
  #end = 0
  /** Of the largest piece. */
  mostBytes = 0

  add(bytes: Uint8Array): number {
    const at = this.#end
    this.#pieces.push({ at, bytes })
    this.#end = aligned(at + bytes.length)
    this.mostBytes = Math.max(this.mostBytes, aligned(bytes.length))
    return at
  }

  /** @param padding bytes behind the last piece */
  bytes(padding = 0): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#end === 0 ? 0 : this.#end + padding)
    for (const { at, bytes } of this.#pieces) all.set(bytes, at)
    return all
  }
}
