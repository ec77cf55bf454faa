import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectModel } from '../../jobs/inspect'
import type { ValueRow } from '../../jobs/inspect'
import { readFile } from 'node:fs/promises'
import { filesOf } from '../../formats/onnx/onnx-test-kit'
import { formatPair, readPair, stateInputs, stateOutputs, suggestPair } from './state-pairs'

const value = (name: string, shape: ValueRow['shape'], dtype = 'float32'): ValueRow => ({ name, dtype, shape })

const recurrent = {
  inputs: [value('audio', [1, 512]), value('h', [2, 1, 64]), value('c', [2, 1, 64]), value('rate', [], 'int64')],
  outputs: [value('speech', [1, 1]), value('c_next', [2, null, 64]), value('h_next', ['layers', 1, 64])],
}

describe('carried state', () => {
  it('is offered where type, rank and every known size agree', () => {
    expect(stateOutputs(recurrent)).toEqual(['c_next', 'h_next'])
    expect(stateInputs(recurrent, 'h_next')).toEqual(['h', 'c'])
    expect(stateInputs(recurrent, 'speech')).toEqual([])
    expect(stateInputs(recurrent, 'not there')).toEqual([])
  })

  it('is not offered for a classifier', () => {
    const classifier = { inputs: [value('x', [1, 3, 8, 8])], outputs: [value('y', [1, 10])] }
    expect(stateOutputs(classifier)).toEqual([])
    expect(suggestPair(classifier, [])).toBeNull()
  })

  it('suggests names that begin alike, and no input twice', () => {
    const first = suggestPair(recurrent, [])
    expect(first).toEqual({ output: 'c_next', input: 'c' })
    const second = suggestPair(recurrent, [first!])
    expect(second).toEqual({ output: 'h_next', input: 'h' })
    expect(suggestPair(recurrent, [first!, second!])).toBeNull()
  })

  it('has one text form', () => {
    expect(formatPair({ output: 'stateN', input: 'state' })).toBe('stateN=state')
    expect(readPair('stateN=state')).toEqual({ output: 'stateN', input: 'state' })
    expect([readPair('a'), readPair('a='), readPair('a=b=c')]).toEqual([null, null, null])
  })

  const silero = '../shared/data/silero-vad/silero_vad.onnx'
  it.skipIf(!existsSync(silero))('of a real voice detector is found', async () => {
    const bytes = new Uint8Array(await readFile(silero))
    const report = await inspectModel(filesOf(bytes, basename(silero)))
    expect(suggestPair(report, [])).toEqual({ output: 'stateN', input: 'state' })
  })
})
