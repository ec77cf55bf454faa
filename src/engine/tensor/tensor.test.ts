import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wasmLevels } from '../../testing/wasm-machines'
import { webgpuMachine } from '../../testing/webgpu-machine'
import { planMachine } from '../../testing/plan-machine'
import * as t from './index'

const MACHINES = [
  { name: 'reference', make: async () => 'reference' as const },
  { name: 'plan', make: async () => planMachine },
  { name: 'wasm', make: async () => wasmLevels[0]!.make() },
  { name: 'webgpu', make: () => webgpuMachine() },
]

const grid = () => t.arange(24).reshape(2, 3, 4)
const rounded = (numbers: t.Numbers): t.Numbers =>
  typeof numbers === 'number' ? Math.round(numbers * 1e5) / 1e5 : numbers.map(rounded)
const listOf = async (one: t.AnyTensor) => rounded(await one.toList())

describe.each(MACHINES)('tensors on $name', ({ make }) => {
  beforeAll(async () => t.useMachine(await make()))
  afterAll(() => t.useMachine('reference'))

  it('compute what was recorded, with broadcasting', async () => {
    const x = t.tensor([
      [1, -2, 3],
      [4, 5, -6],
    ])
    const y = x
      .mul(t.tensor([10, 20, 30]))
      .add(x.sum(1, { keepDims: true }))
      .sub(0.5)
    expect(y.shape).toEqual([2, 3])
    expect(await listOf(y)).toEqual([
      [11.5, -38.5, 91.5],
      [42.5, 102.5, -177.5],
    ])
    expect(await listOf(x.matmul(t.tensor([[1], [0], [2]])))).toEqual([[7], [-8]])
    expect(await listOf(t.einsum('ij,kj->ik', x, x))).toEqual([
      [14, -24],
      [-24, 77],
    ])
  })

  it('reduce over one, several or all axes', async () => {
    const x = grid()
    expect(await x.sum().item()).toBe(276)
    expect(await listOf(x.mean(-1))).toEqual([
      [1.5, 5.5, 9.5],
      [13.5, 17.5, 21.5],
    ])
    expect(await listOf(x.max([0, 2]))).toEqual([15, 19, 23])
    expect(await listOf(x.argMax(1))).toEqual([
      [2, 2, 2, 2],
      [2, 2, 2, 2],
    ])
    expect(await listOf(t.tensor([1, 2, 4, 8]).variance())).toBe(9.58333)
    expect(await listOf(t.tensor([1, 2, 4, 8]).deviation(0, { correction: 0 }))).toBe(2.68095)
    expect(await listOf(t.tensor([3, -4]).norm())).toBe(5)
  })

  it('compare, choose and count', async () => {
    const x = t.tensor([3, -1, 2, 0])
    expect(await listOf(x.greater(0))).toEqual([1, 0, 1, 0])
    expect(await listOf(x.where(x.greater(0), -9))).toEqual([3, -9, 2, -9])
    expect(
      await listOf(
        x
          .notEqual(t.tensor([3, 3, 2, 2]))
          .to('float32')
          .sum(),
      ),
    ).toBe(2)
    expect(await listOf(x.topK(2)[1])).toEqual([0, 2])
    expect(x.greater(0).dtype).toBe('bool')
  })

  it('collect gradients, also of gradients', async () => {
    const x = t.tensor([0.5, -2, 3], { requiresGrad: true })
    // y = Σ x³, dy/dx = 3x², Σ(dy/dx)² differentiated: 36x³
    const y = x.mul(x).mul(x).sum()
    const [slope] = t.gradients(y, [x], { createGraph: true })
    expect(await listOf(slope)).toEqual([0.75, 12, 27])
    slope.square().sum().backward()
    expect(await listOf(x.grad!)).toEqual([4.5, -288, 972])
    expect(await y.item()).toBeCloseTo(19.125, 4)
    y.backward()
    expect(await listOf(x.grad!)).toEqual([5.25, -276, 999])
  })
})

describe('places of elements', () => {
  it('are reordered, cut and put together as NumPy does it', async () => {
    const x = grid()
    expect((await x.T.data()).shape).toEqual([2, 4, 3])
    expect(await listOf(x.permute(2, 0, 1).at(1, 0))).toEqual([1, 5, 9])
    expect(await listOf(x.at(-1, t.range(0, 3, 2), t.range(undefined, undefined, -1)))).toEqual([
      [15, 14, 13, 12],
      [23, 22, 21, 20],
    ])
    expect(await listOf(x.at(t.rest, -1))).toEqual([
      [3, 7, 11],
      [15, 19, 23],
    ])
    expect(x.at(0, t.newAxis, t.all, t.range(1)).shape).toEqual([1, 3, 3])
    expect(await listOf(x.at(1, t.tensor([2, 0], { dtype: 'int64' })))).toEqual([
      [20, 21, 22, 23],
      [12, 13, 14, 15],
    ])
    expect(await listOf(x.at(x.greater(20)))).toEqual([21, 22, 23])
    expect(await listOf(x.at(0, 1).flip(0))).toEqual([7, 6, 5, 4])
    expect(await listOf(t.stack([t.arange(3), t.full([3], 7)], 1))).toEqual([
      [0, 7],
      [1, 7],
      [2, 7],
    ])
    expect(x.flatten().shape).toEqual([2, 12])
    expect(x.flatten(0, 1).shape).toEqual([6, 4])
    expect(x.strides).toEqual([12, 4, 1])
    expect([x.rank, x.size, x.dtype]).toEqual([3, 24, 'float32'])
    expect(await listOf(t.arange(3).pad([[1, 2]], 9))).toEqual([9, 0, 1, 2, 9, 9])
    expect(await Promise.all(t.arange(5).split([2, 3]).map(listOf))).toEqual([
      [0, 1],
      [2, 3, 4],
    ])
    expect(await listOf(t.ones([3, 3]).tril(-1).add(t.eye(3).triu()))).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ])
    expect(await listOf(t.arange(3).expand(2, 3).cumSum(1))).toEqual([
      [0, 1, 3],
      [0, 1, 3],
    ])
  })

  it('overlap in views by strides, whose gradients add up', async () => {
    const x = t.arange(5, { requiresGrad: true })
    const windows = x.asStrided([3, 3], [1, 1])
    expect(await listOf(windows)).toEqual([
      [0, 1, 2],
      [1, 2, 3],
      [2, 3, 4],
    ])
    windows.sum().backward()
    expect(await listOf(x.grad!)).toEqual([1, 2, 3, 2, 1])
    expect(() => x.asStrided([3], [2], 1)).toThrow('The view reaches element 5 of a tensor of 5 elements.')
    expect(() => x.asStrided([3], [2, 1])).toThrow('2 strides are given for the shape [3].')
  })

  it('gather and scatter', async () => {
    const indices = t.tensor(
      [
        [2, 0],
        [1, 1],
      ],
      { dtype: 'int64' },
    )
    const x = t.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(await listOf(x.gather(1, indices))).toEqual([
      [3, 1],
      [5, 5],
    ])
    expect(await listOf(x.scatter(1, indices, t.full([2, 2], 10), 'add'))).toEqual([
      [11, 2, 13],
      [4, 25, 6],
    ])
  })
})

describe('history', () => {
  it('is not kept where nobody wants gradients', () => {
    const x = t.ones([2], { requiresGrad: true })
    expect(x.mul(2).requiresGrad).toBe(true)
    expect(t.noGrad(() => x.mul(2)).requiresGrad).toBe(false)
    expect(x.mul(2).detach().requiresGrad).toBe(false)
    expect(x.greater(0).requiresGrad).toBe(false)
    expect(() => t.ones([1]).sum().backward()).toThrow('depends on nothing that wants a gradient')
  })

  it('stops at detached values, which are computed all the same', async () => {
    const x = t.tensor([2, 3], { requiresGrad: true })
    const y = x.mul(x)
    const z = y.detach().mul(x).sum()
    z.backward()
    expect(await listOf(x.grad!)).toEqual([4, 9])
    expect(await z.item()).toBe(35)
  })

  it('outlives the computation of what it leads to', async () => {
    const x = t.tensor([1, 2], { requiresGrad: true })
    const middle = x.mul(3)
    const y = middle.mul(middle).sum()
    expect(await y.item()).toBe(45)
    y.backward()
    expect(await listOf(x.grad!)).toEqual([18, 36])
    expect(await listOf(t.gradients(y, [middle])[0])).toEqual([6, 12])
  })

  it('of thousands of steps needs no recursion', async () => {
    const x = t.tensor([1], { requiresGrad: true })
    let y: t.AnyTensor = x
    for (let i = 0; i < 3000; i++) y = (y as t.Tensor).add(1)
    const total = y.sum()
    total.backward()
    expect(await total.item()).toBe(3001)
  })
})

describe('gradients against differences', () => {
  it('agree for what is right, and name the element for what is not', async () => {
    t.manualSeed(2)
    const [x, w] = [t.randn([3, 4]), t.randn([4, 2])]
    const weights = t.randn([3, 2])
    const right = await t.checkGradients(
      (a, b) =>
        (a as t.Tensor)
          .matmul(b as t.Tensor)
          .tanh()
          .mul(weights)
          .sum(),
      [x, w],
    )
    expect(right).toMatchObject({ compared: 20, skipped: 0, mismatches: [] })
    const strict = await t.checkGradients((a) => (a as t.Tensor).square().sum(), [t.tensor([3])], { absolute: -1 })
    expect(strict.mismatches).toMatchObject([{ value: 'input', index: 0, gradient: 6 }])
    const open = t.input('x', [2])
    await expect(t.checkGradients((a) => (a as t.Tensor).mul(open).sum(), [t.ones([2])])).rejects.toThrow(
      'The input x has no value.',
    )
  })
})

describe('random tensors', () => {
  it('are the same for the same seed', async () => {
    const draw = () => {
      t.manualSeed(5)
      return [t.rand([3]), t.randn([2, 2]), t.randint(10, [4]), t.permutation(5)]
    }
    const [first, second] = [draw(), draw()]
    for (const [i, one] of first.entries()) expect(await one.toList()).toEqual(await second[i]!.toList())
    expect(await listOf(t.rand([3]))).not.toEqual(await listOf(first[0]!))
    expect([...((await first[3]!.toList()) as number[])].sort()).toEqual([0, 1, 2, 3, 4])
  })
})

describe('what does not fit', () => {
  it('is said when it is recorded', async () => {
    const x: t.Tensor = grid()
    expect(() => x.matmul(t.ones([5, 2]) as t.Tensor)).toThrow('MatMul')
    expect(() => x.sum(3)).toThrow('There is no axis 3 in the shape [2, 3, 4].')
    expect(() => x.at(0, 0, 0, 0)).toThrow('4 indices are given for the shape [2, 3, 4].')
    expect(() => x.at(0, 3)).toThrow('The index 3 does not lie in axis 1, which has 3 elements.')
    expect(() => x.at(t.range(0, 1, 0))).toThrow('A range cannot have steps of 0.')
    expect(() => t.tensor([[1, 2], [3]])).toThrow('Lists of one tensor must be of equal length')
    expect(() => x.backward()).toThrow('depends on nothing')
    expect(() => t.ones([2], { requiresGrad: true }).mul(2).backward()).toThrow('Only a float scalar has a gradient')
    await expect(x.item()).rejects.toThrow('item() is for one element, and this tensor has 24.')
    const open = t.input('x', ['batch', 4])
    expect(open.mul(2).sum(-1).shape).toEqual(['batch'])
    expect(open.reshape('batch', 2, 2).shape).toEqual(['batch', 2, 2])
    expect(() => open.reshape(2, 'batch')).toThrow('The open size batch does not stand at axis 1 of [batch, 4].')
    await expect(open.mul(2).data()).rejects.toThrow('The input x has no value')
  })
})
