import { describe, expect, it } from 'vitest'
import { deviceLayout } from '../../core/device-layout'
import type { KnownDType } from '../../core/dtypes'
import { operand } from '../../testing/one-call'
import type { Dispatch } from './dispatch'
import { assemble, gridOf, packSizes, type Declared } from './shader'

const declared = (name: string, dtype: KnownDType, more: Partial<Declared> = {}): Declared => ({
  ...{ name, layout: deviceLayout(dtype)! },
  ...more,
})

const dispatch = (more: Partial<Dispatch> = {}): Dispatch => ({
  ...{ shader: 'each', storage: [{ name: 'y', of: operand([3]) }], sizes: {}, grid: { invocations: 3 } },
  ...more,
})

describe('a shader', () => {
  it('declares bindings, their element type and what reads and writes them', () => {
    const { code, hasFault } = assemble(dispatch(), [declared('x', 'bool'), declared('y', 'float32')])
    expect(code).toContain('@group(0) @binding(0) var<storage, read_write> x: array<u32>;')
    expect(code).toContain('@group(0) @binding(1) var<storage, read_write> y: array<f32>;')
    expect(code).toContain('alias y_element = f32;')
    expect(code).toContain('fn y_put(i: u32, value: y_element) { y[i] = value; }')
    expect(code).toContain('fn invocation(')
    expect(hasFault).toBe(false)
  })

  it('writes one word per invocation where elements share words', () => {
    const { code, perInvocation } = assemble(dispatch({ shader: 'fill' }), [declared('y', 'uint16')])
    expect(code).toContain('const PER_WORD = 2u;')
    expect(code).toContain('y[word] = packed;')
    expect(perInvocation).toBe(2)
  })

  it('reads an input through the output that lies in its place', () => {
    const inputs = [declared('x0', 'float32', { isSameAs: 'y' }), declared('y', 'bool')]
    const { code } = assemble(dispatch({ shader: 'each', slots: {} }), inputs)
    expect(code).not.toContain('> x0:')
    expect(code).toContain('@binding(0) var<storage, read_write> y: array<u32>;')
  })

  it('has constants of their types', () => {
    const constants = { RANK: 3, IS_LAST: true, LOW: { f32: 1 }, STEP: { i32: -2 } }
    const { code } = assemble(dispatch({ constants }), [declared('y', 'float32')])
    expect(code).toContain('const RANK = 3u;\nconst IS_LAST = true;\nconst LOW = 1.0f;\nconst STEP = -2i;')
  })

  it('refuses files, slots that are not there', () => {
    const y = [declared('y', 'float32')]
    expect(() => assemble(dispatch({ shader: 'nothing' }), y)).toThrow('there is no shader nothing.wgsl')
    expect(() => assemble(dispatch({ slots: { formula: '' } }), y)).toThrow('each.wgsl has no slot formula')
  })
})

describe('sizes', () => {
  it('are scalars, then lists of whole vectors', () => {
    const bytes = packSizes({ count: 7, strides: { list: [1, 2, 3, 4, 5] }, low: { f32: 0.5 }, shift: { i32: -1 } })
    expect([...new Uint32Array(bytes)]).toEqual([7, 0x3f000000, 0xffffffff, 0, 1, 2, 3, 4, 5, 0, 0, 0])
    const slots = { formula: '', result: '  return f32(strides(0u));' }
    const sizes = { a: 1, strides: { list: [1, 2, 3, 4, 5] } }
    const { code } = assemble(dispatch({ shader: 'map', slots, sizes }), [declared('y', 'float32')])
    expect(code).toContain('  strides_list: array<vec4<u32>, 2>,')
    expect(code).toContain('fn strides(k: u32) -> u32 { return sizes.strides_list[k / 4u][k % 4u]; }')
  })
})

describe('a grid', () => {
  it.each([
    [1, [1, 1, 1]],
    [65, [2, 1, 1]],
    [64 * 65535, [65535, 1, 1]],
    [64 * 65535 + 1, [32768, 2, 1]],
  ])('of %d invocations is %j', (invocations, grid) => {
    expect(gridOf(invocations)).toEqual(grid)
  })

  it('covers every invocation when it is folded', () => {
    for (const count of [64 * 65536, 64 * 131071 - 5, 2 ** 28 + 3]) {
      const [x, y] = gridOf(count)
      expect(x).toBeLessThanOrEqual(65535)
      expect(64 * x * y).toBeGreaterThanOrEqual(count)
    }
  })
})
