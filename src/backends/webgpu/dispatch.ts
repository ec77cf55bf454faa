/**
 * What a kernel call becomes on the GPU: dispatches of shaders. Plain data; `shader.ts` makes WGSL of it, `machine.ts`
 * runs it. shaders/README.md says how a shader file is written.
 */
import type { KernelCall, Operand } from '../kernel-calls'

/** Numbers that a lowering knows beforehand and a shader reads like a tensor, e.g. the offsets of a product's matrices. */
export interface Table {
  readonly table: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>
}

/** Memory that dispatches of one call share; it holds nothing when the call begins. */
export interface Temporary {
  readonly temporary: 'f32' | 'i32' | 'u32'
  readonly count: number
}

export interface Storage {
  /** Name of the variable in the shader. */
  readonly name: string
  readonly of: Operand | Table | Temporary
  /**
   * 4: declared as an array of vec4, for elements of whole words whose rows are whole vectors. Otherwise an array of single
   * elements.
   */
  readonly vector?: 4
  /** Packed integers as whole words without lanes, array<u32>, where only whole ones move. */
  readonly isWords?: true
  /** Declared as array<atomic<i32>> or array<atomic<u32>>; whole words only. */
  readonly isAtomic?: true
  /** Of an operand that is too large for one binding: the first element that is bound, a multiple of 256 bytes. */
  readonly from?: number
  /** Elements that are bound; default: to the end. */
  readonly count?: number
}

/** A member of the uniform `sizes`: u32, or as it says; a list becomes an array of vec4<u32> (or i32, f32) and an accessor. */
export type Size =
  | number
  | { readonly i32: number }
  | { readonly f32: number }
  | { readonly list: readonly number[] }
  | { readonly signedList: readonly number[] }
  | { readonly floatList: readonly number[] }

/** u32, or as it says. */
export type Constant = number | boolean | { readonly f32: number } | { readonly i32: number }

/** What a pipeline is made of, beside its file; every value of it is part of the pipeline's key. */
export interface Dispatch {
  /** A file of shaders/, without its ending. */
  readonly shader: string
  /** Group 0 in this order. What the call writes comes last. Operands that are one (===) may stand once only. */
  readonly storage: readonly Storage[]
  /** Written once when the program is loaded. */
  readonly sizes: Readonly<Record<string, Size>>
  readonly constants?: Readonly<Record<string, Constant>>
  /** Lines that take the place of `//#slot name`: formulas of element-wise chains, activations. */
  readonly slots?: Readonly<Record<string, string>>
  /** Extensions that it is written with: only where `DeviceFacts` has them. */
  readonly enable?: readonly ('f16' | 'subgroups' | 'chromium_experimental_subgroup_matrix')[]
  /** `[x, y, z]` workgroups; or how many single invocations of workgroups of 64 it needs (`sizes.count` is then set to it). */
  readonly grid: { readonly workgroups: readonly [number, number, number] } | { readonly invocations: number }
}

/** What kernels may know of the device when they choose a variant. */
export interface DeviceFacts {
  /** Runs on the processor (SwiftShader, lavapipe): barriers are dear there, shared memory is no faster. */
  readonly isSoftware: boolean
  readonly features: ReadonlySet<string>
  readonly limits: {
    readonly maxStorageBufferBindingSize: number
    readonly maxBufferSize: number
    readonly maxStorageBuffersPerShaderStage: number
    readonly maxComputeWorkgroupStorageSize: number
    readonly maxComputeInvocationsPerWorkgroup: number
    readonly maxComputeWorkgroupsPerDimension: number
  }
  /** Sides of the square subgroup matrices that multiply float16 into float32 in subgroups of 32. Default: none. */
  readonly matrixSides?: readonly number[]
  /** Tile sizes that a search measured on this adapter, by kernel. */
  readonly tiles: Readonly<Record<string, string>>
}

export interface Kernel<C extends KernelCall = KernelCall> {
  /** Dtypes, ranks, sizes that it can compute; what it refuses runs on the host. */
  supports(call: C, facts: DeviceFacts): boolean
  /** It cuts operands that exceed a binding into parts; `supports` says which. */
  readonly splits?: true
  encode(call: C, facts: DeviceFacts): readonly Dispatch[]
}
