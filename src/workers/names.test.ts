import { expect, it } from 'vitest'
import { resultName } from './names'

it('names a result after its model', () => {
  expect(resultName('net.onnx')).toBe('net.small.onnx')
  expect(resultName('folder/net.v2.onnx')).toBe('net.v2.small.onnx')
  expect(resultName('model')).toBe('model.small')
  expect(resultName('.hidden')).toBe('.hidden.small')
})
