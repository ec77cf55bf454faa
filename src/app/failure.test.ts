import { describe, expect, it } from 'vitest'
import { FormatError, RuntimeFailure } from '../core/errors'
import { describeFailure } from './failure'

describe('describeFailure', () => {
  it('shows problem, place and advice of a FormatError apart', () => {
    const error = new FormatError('a tensor of 1204 bytes was promised, 77 are left', { file: 'a.onnx', offset: 20011 })
    expect(describeFailure(error, 'a.onnx')).toMatchObject({
      title: 'This file cannot be read',
      what: 'a tensor of 1204 bytes was promised, 77 are left.',
      where: 'a.onnx, byte 20,011',
      todo: 'The file may be damaged or incomplete; fetch it again.',
    })
  })

  it('keeps the advice that the error brings', () => {
    const error = new FormatError('its weights are in "w.bin", which is missing', {
      file: 'a.onnx',
      hint: 'Drop both.',
    })
    const failure = describeFailure(error, 'a.onnx')
    expect(failure).toMatchObject({
      what: 'its weights are in "w.bin", which is missing.',
      where: 'a.onnx',
      todo: 'Drop both.',
    })
  })

  it('names the node that onnxruntime blames', () => {
    const failure = describeFailure(new RuntimeFailure('not a registered function', 'pre_7'), 'b.onnx')
    expect(failure.where).toBe('b.onnx, node pre_7')
    expect(failure.title).toBe('ONNX Runtime refuses this model')
  })

  it('calls anything else a bug, with its stack for the report', () => {
    const failure = describeFailure(new TypeError('x is undefined'), 'c.onnx')
    expect(failure.title).toBe('Something went wrong in Plume')
    expect(failure.details).toContain('failure.test')
  })
})
