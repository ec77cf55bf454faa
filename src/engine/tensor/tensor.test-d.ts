import { describe, expectTypeOf, it } from 'vitest'
import * as t from './index'
import type { AnyTensor, Shape, Tensor } from './index'

declare const a: Tensor<[2, 30]>
declare const b: Tensor<[30, 64]>
declare const wrong: Tensor<[31, 64]>
declare const open: Tensor<[number, 30]>
declare const batch: Tensor<['batch', 30]>
declare const unknown: Tensor
declare const integers: Tensor<[2, 30], 'int64'>

describe('shapes in types', () => {
  it('decide what matmul gives, and refuse what does not fit', () => {
    expectTypeOf(a.matmul(b)).toEqualTypeOf<Tensor<[2, 64]>>()
    expectTypeOf(open.matmul(b)).toEqualTypeOf<Tensor<[number, 64]>>()
    expectTypeOf(batch.matmul(b)).toEqualTypeOf<Tensor<['batch', 64]>>()
    expectTypeOf(unknown.matmul(b)).toEqualTypeOf<Tensor<Shape>>()
    expectTypeOf(t.ones([5, 2, 3]).matmul(t.ones([3, 4]))).toEqualTypeOf<Tensor<[5, 2, 4]>>()
    expectTypeOf(t.ones([3]).matmul(t.ones([3, 4]))).toEqualTypeOf<Tensor<[4]>>()
    expectTypeOf(t.ones([3]).matmul(t.ones([3]))).toEqualTypeOf<Tensor<[]>>()
    a.matmul(unknown)
    // @ts-expect-error matmul: 30 columns meet 31 rows
    a.matmul(wrong)
    // @ts-expect-error the same, with an open batch
    batch.matmul(wrong)
    // @ts-expect-error matmul: 30 columns meet 2 rows
    a.matmul(a)
    // @ts-expect-error element types differ
    a.matmul(integers.T)
  })

  it('broadcast as NumPy does', () => {
    expectTypeOf(a.add(open)).toEqualTypeOf<Tensor<[2, 30]>>()
    expectTypeOf(t.ones([4, 1, 3]).mul(t.ones([5, 1]))).toEqualTypeOf<Tensor<[4, 5, 3]>>()
    expectTypeOf(a.mul(2)).toEqualTypeOf<Tensor<[2, 30]>>()
    expectTypeOf(a.greater(0)).toEqualTypeOf<Tensor<[2, 30], 'bool'>>()
    expectTypeOf(batch.add(t.ones([30]))).toEqualTypeOf<Tensor<['batch', 30]>>()
    // @ts-expect-error sizes 30 and 64 do not broadcast
    a.add(t.ones([64]))
    // @ts-expect-error element types differ
    a.add(integers)
  })

  it('follow reductions and movements', () => {
    expectTypeOf(a.sum()).toEqualTypeOf<Tensor<[]>>()
    expectTypeOf(a.sum(0)).toEqualTypeOf<Tensor<[30]>>()
    expectTypeOf(a.mean(-1)).toEqualTypeOf<Tensor<[2]>>()
    expectTypeOf(t.ones([4, 5, 6]).max(-2)).toEqualTypeOf<Tensor<[4, 6]>>()
    expectTypeOf(a.sum(1, { keepDims: true })).toEqualTypeOf<Tensor<[2, 1]>>()
    expectTypeOf(a.sum([0, 1])).toEqualTypeOf<Tensor<Shape>>()
    expectTypeOf(a.argMax(1)).toEqualTypeOf<Tensor<[2], 'int64'>>()
    expectTypeOf(t.ones([4, 5, 6]).permute(2, 0, 1)).toEqualTypeOf<Tensor<[6, 4, 5]>>()
    expectTypeOf(a.T).toEqualTypeOf<Tensor<[30, 2]>>()
    expectTypeOf(a.reshape(5, -1)).toEqualTypeOf<Tensor<[5, number]>>()
    expectTypeOf(a.to('int64')).toEqualTypeOf<Tensor<[2, 30], 'int64'>>()
  })

  it('are read from literal lists', () => {
    expectTypeOf(t.tensor([[1, 2, 3]])).toEqualTypeOf<Tensor<[1, 3]>>()
    expectTypeOf(t.tensor(3)).toEqualTypeOf<Tensor<[]>>()
    expectTypeOf(t.tensor([1, 2], { dtype: 'int64' })).toEqualTypeOf<Tensor<[2], 'int64'>>()
    expectTypeOf(t.tensor([0.5].map((one) => one * 2))).toEqualTypeOf<Tensor<[number]>>()
    expectTypeOf(t.zeros([2, 3]).shape).toEqualTypeOf<[2, 3]>()
    expectTypeOf(t.input('x', ['batch', 4])).toEqualTypeOf<Tensor<['batch', 4]>>()
  })

  it('may be forgotten, but not invented', () => {
    expectTypeOf(a).toExtend<Tensor<[number, 30]>>()
    expectTypeOf(a).toExtend<Tensor>()
    expectTypeOf(integers).toExtend<AnyTensor>()
    expectTypeOf(a).not.toExtend<Tensor<[number, 31]>>()
    expectTypeOf(open).not.toExtend<Tensor<[2, 30]>>()
    expectTypeOf(a).not.toExtend<Tensor<[2, 30], 'int64'>>()
    expectTypeOf(a.matmul(b)).not.toBeAny()
    expectTypeOf(t.gradients(a.sum(), [a, b])).toEqualTypeOf<[Tensor<[2, 30]>, Tensor<[30, 64]>]>()
  })
})
