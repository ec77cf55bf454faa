/** How element-wise shaders find the elements of inputs that broadcast; see shaders/broadcast.wgsl. */
import { broadcastStrides, collapse } from '../../axes'
import type { Operand } from '../../kernel-calls'
import type { Constant, Size } from '../dispatch'

/** An input by the way it is read; `row` is its place among those with strides. */
export type Access =
  | { readonly type: 'same' }
  | { readonly type: 'scalar' }
  /** `isColumn`: one element for the whole last axis. */
  | { readonly type: 'strided'; readonly row: number; readonly isColumn: boolean }

export interface Broadcast {
  /** Of the output, with axes that all tensors step through evenly as one. */
  readonly sizes: readonly number[]
  readonly accesses: readonly Access[]
  /** Of the strided inputs. */
  readonly strides: readonly (readonly number[])[]
}

export function broadcastOf(inputs: readonly Operand[], output: Operand): Broadcast {
  const { sizes, strides } = collapse(output.shape, [
    broadcastStrides(output.shape, output.shape),
    ...inputs.map(({ shape }) => broadcastStrides(shape, output.shape)),
  ])
  const [own, ...others] = strides as [number[], ...number[][]]
  const strided: (readonly number[])[] = []
  const accesses = others.map((ofInput): Access => {
    if (ofInput.every((stride, axis) => stride === own[axis])) return { type: 'same' }
    if (ofInput.every((stride) => stride === 0)) return { type: 'scalar' }
    return { type: 'strided', row: strided.push(ofInput) - 1, isColumn: ofInput.at(-1) === 0 }
  })
  return { sizes, accesses, strides: strided }
}

/** The same in units of vectors along the last axis; undefined where that is not made of whole ones. */
export function inVectors({ sizes, accesses, strides }: Broadcast): Broadcast | undefined {
  const last = sizes.at(-1) as number
  if (last % 4 !== 0) return undefined
  return {
    accesses,
    sizes: [...sizes.slice(0, -1), last / 4],
    strides: strides.map((ofInput) =>
      ofInput.at(-1) === 0 ? ofInput : [...ofInput.slice(0, -1).map((stride) => stride / 4), 1],
    ),
  }
}

/** What broadcast.wgsl reads. */
export function broadcastSizes({ sizes, strides }: Broadcast): {
  sizes: Readonly<Record<string, Size>>
  constants: Readonly<Record<string, Constant>>
} {
  const isNeeded = strides.length > 0
  return {
    sizes: { dims: { list: isNeeded ? sizes : [1] }, strides: { list: isNeeded ? strides.flat() : [0] } },
    constants: { RANK: isNeeded ? sizes.length : 1 },
  }
}

/** The index of element `i` in input `x`. */
export function indexOf(access: Access): string {
  if (access.type === 'same') return 'i'
  return access.type === 'scalar' ? '0u' : `offset(i, ${access.row}u)`
}
