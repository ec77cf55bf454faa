import { expect, it } from 'vitest'
import { apart, fileNameOf, type Spot } from './chart'

const spot = (id: string, left: number, isCurrent = false): Spot => ({
  place: { id, x: 0, y: 0, label: id, isCurrent, onclick: () => undefined },
  left,
  top: 10,
})

it('buttons never lie on each other, and those that open something go first', () => {
  const kept = apart([spot('shown', 0, true), spot('a', 10), spot('b', 30), spot('c', 60), spot('alone', 200, true)])
  expect(kept.map(({ place }) => place.id)).toEqual(['a', 'c', 'alone'])
})

it('a file name holds nothing that a system refuses', () => {
  expect(fileNameOf('net/1.onnx', 'Conv:0 <x>', 'histogram')).toBe('net-1.onnx-Conv-0-x-histogram')
})
