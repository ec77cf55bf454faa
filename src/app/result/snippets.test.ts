import { describe, expect, it } from 'vitest'
import { javascriptSnippet, pythonSnippet } from './snippets'

const inputs = [
  { name: 'image', dtype: 'float32', shape: ['batch', 1, 16, 16] },
  { name: 'sr', dtype: 'int64', shape: [] },
]

describe('code to run the result', () => {
  it('fills in names, types and shapes for Python', () => {
    const code = pythonSnippet('shapes.small.onnx', inputs)
    expect(code).toContain('ort.InferenceSession("shapes.small.onnx", providers=["CPUExecutionProvider"])')
    expect(code).toContain('    "image": np.zeros((1, 1, 16, 16), dtype=np.float32),  # batch = 1\n')
    expect(code).toContain('    "sr": np.zeros((), dtype=np.int64),\n')
  })

  it('fills in names, types and shapes for JavaScript', () => {
    const code = javascriptSnippet('shapes.small.onnx', inputs)
    expect(code).toContain(
      '  "image": new ort.Tensor(\'float32\', new Float32Array(256), [1, 1, 16, 16]), // batch = 1\n',
    )
    expect(code).toContain('  "sr": new ort.Tensor(\'int64\', new BigInt64Array(1), []),\n')
  })

  it('cannot be broken out of by names in a file', () => {
    const hostile = [{ name: '"]});\nimport os\u2028\u202e', dtype: 'float32', shape: ['x\nos.system("x")', 3] }]
    for (const code of [pythonSnippet('a"b\n.onnx', hostile), javascriptSnippet('a"b\n.onnx', hostile)]) {
      expect(code).not.toMatch(/^import os$/m)
      expect(code).not.toMatch(/^os\.system/m)
      expect(code).not.toMatch(/[\u2028\u202e]/)
      expect(code).toContain('"\\"]});\\nimport os\\u2028\\u202e"')
      expect(code).toContain('"a\\"b\\n.onnx"')
    }
  })

  it('writes one-dimensional shapes as Python tuples', () => {
    expect(pythonSnippet('a.onnx', [{ name: 'x', dtype: 'bool', shape: [7] }])).toContain(
      'np.zeros((7,), dtype=np.bool_)',
    )
  })
})
