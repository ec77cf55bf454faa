import { expect, test } from 'vitest'
import { hostArray } from '../../core/host-array'
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint'

const checkpoint: Checkpoint = {
  key: 'a training',
  history: [{ epoch: 1, loss: 0.5, validationLoss: 0.25, rate: 0.1, ms: 3 }],
  bestEpoch: 1,
  bestLoss: 0.25,
  states: new Map([
    ['weight', hostArray('float32', [3, 1], [1.5, -2.25, 1e-30])],
    ['counter', hostArray('int64', [], [9007199254740993n])],
  ]),
  best: new Map([['weight', hostArray('float32', [3, 1], [0.5, 0, -1])]]),
}

test('a checkpoint comes back bit by bit', () => {
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint), 'a training')).toEqual(checkpoint)
})

test('one of another training is not gone on with', () => {
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint), 'another')).toBeNull()
})

test('bytes that are cut off anywhere are no checkpoint', () => {
  const bytes = encodeCheckpoint(checkpoint)
  for (let length = 0; length < bytes.length; length += 5) {
    expect(decodeCheckpoint(bytes.subarray(0, length), 'a training')).toBeNull()
  }
})
