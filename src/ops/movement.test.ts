import { describe, expect, it } from 'vitest'
import { hostArray } from '../core/host-array'
import { Random } from '../core/random'
import { boxMove, compact, copyOrAlias, moveElements, transposeMove, type Move } from './movement'

const countUp = (shape: readonly number[]) => {
  const count = shape.reduce((product, size) => product * size, 1)
  return hostArray(
    'int32',
    shape,
    Array.from({ length: count }, (_, i) => i),
  )
}

/** What a move makes of 0, 1, 2, … */
function moved(shape: readonly number[], target: readonly number[], move: Move): number[] {
  const made = hostArray('int32', target, new Array<number>(target.reduce((a, b) => a * b, 1)).fill(-1))
  moveElements(countUp(shape), made, move)
  return [...(made.values as Int32Array)]
}

describe('blocks of elements', () => {
  it('with fewer axes are the same blocks', () => {
    const random = new Random(4)
    for (let round = 0; round < 200; round++) {
      const shape = Array.from({ length: 1 + random.below(5) }, () => 1 + random.below(3))
      const order = shape.map((_, axis) => axis).sort(() => random.below(3) - 1)
      const move = transposeMove(shape, order)
      expect(compact(move).sizes.length).toBeLessThanOrEqual(shape.length)
      expect(moved(shape, move.sizes, compact(move))).toEqual(moved(shape, move.sizes, move))
    }
  })

  it('lose axes of size 1 and those that continue each other', () => {
    expect(compact(transposeMove([2, 3, 1, 4], [0, 1, 2, 3])).sizes).toEqual([24])
    expect(compact(transposeMove([2, 3, 4, 5], [2, 3, 0, 1])).sizes).toEqual([20, 6])
    expect(compact(transposeMove([1, 1], [1, 0])).sizes).toEqual([])
  })

  it('are boxes from one place to another, also backwards', () => {
    const move = boxMove([2, 2], { shape: [3, 4], starts: [1, 3], steps: [1, -2] }, { shape: [2, 3], starts: [0, 1] })
    expect(moved([3, 4], [2, 3], move)).toEqual([-1, 7, 5, -1, 11, 9])
  })
})

describe('a copy', () => {
  const operand = (id: number, shape: readonly number[]) => ({ id, dtype: 'float32', shape }) as const

  it('of everything to where it is, is another name', () => {
    const call = copyOrAlias(
      operand(0, [1, 3, 1, 2]),
      operand(1, [1, 1, 3, 2]),
      transposeMove([1, 3, 1, 2], [0, 2, 1, 3]),
    )
    expect(call.kernel).toBe('alias')
  })

  it('of the first half is none', () => {
    const move = boxMove([1, 3], { shape: [2, 3], starts: [0, 0] }, { shape: [1, 3], starts: [0, 0] })
    expect(copyOrAlias(operand(0, [2, 3]), operand(1, [1, 3]), move).kernel).toBe('copy')
  })

  it('that turns a matrix is one', () => {
    expect(copyOrAlias(operand(0, [2, 3]), operand(1, [3, 2]), transposeMove([2, 3], [1, 0])).kernel).toBe('copy')
  })
})
