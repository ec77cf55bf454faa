import type { ValueRow } from '../../jobs/inspect'

/** NumPy and onnxruntime-web types by dtype; what is absent cannot be made in a snippet. */
const TYPES: Readonly<Record<string, { numpy: string; array: string }>> = {
  float32: { numpy: 'float32', array: 'Float32Array' },
  float64: { numpy: 'float64', array: 'Float64Array' },
  float16: { numpy: 'float16', array: 'Uint16Array' },
  int64: { numpy: 'int64', array: 'BigInt64Array' },
  uint64: { numpy: 'uint64', array: 'BigUint64Array' },
  int32: { numpy: 'int32', array: 'Int32Array' },
  uint32: { numpy: 'uint32', array: 'Uint32Array' },
  int16: { numpy: 'int16', array: 'Int16Array' },
  uint16: { numpy: 'uint16', array: 'Uint16Array' },
  int8: { numpy: 'int8', array: 'Int8Array' },
  uint8: { numpy: 'uint8', array: 'Uint8Array' },
  bool: { numpy: 'bool_', array: 'Uint8Array' },
}

/** JSON text is a valid string literal in Python and JavaScript, so names from the file cannot break out of it. */
const literal = (text: string) => JSON.stringify(text).replace(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escapeUnit)
const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Unknown sizes become 1; they are named in a comment. */
const sizes = (shape: ValueRow['shape']) =>
  (shape ?? []).map((size) => (typeof size === 'number' && size > 0 ? size : 1))

function freeSizes(shape: ValueRow['shape']): string {
  const free = (shape ?? []).filter((size) => typeof size !== 'number').map((size) => oneLine(size ?? '?'))
  return free.length > 0 ? `${free.join(', ')} = 1` : ''
}

/** Symbol names stand in a comment: nothing that could end the line. */
const oneLine = (text: string | number) =>
  String(text)
    .replace(/[^\p{L}\p{N} _.+*/-]/gu, '')
    .slice(0, 40)

export function pythonSnippet(file: string, inputs: readonly ValueRow[]): string {
  const feeds = inputs.map(({ name, dtype, shape }) => {
    const dims = sizes(shape)
    const tuple = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`
    const value =
      dtype === 'string' ? `np.full(${tuple}, "")` : `np.zeros(${tuple}, dtype=np.${TYPES[dtype]?.numpy ?? 'float32'})`
    const comment = freeSizes(shape)
    return `    ${literal(name)}: ${value},${comment && `  # ${comment}`}`
  })
  return `# pip install onnxruntime numpy
import numpy as np
import onnxruntime as ort

session = ort.InferenceSession(${literal(file)}, providers=["CPUExecutionProvider"])
outputs = session.run(None, {
${feeds.join('\n')}
})
for info, value in zip(session.get_outputs(), outputs):
    print(info.name, value.shape)
`
}

export function javascriptSnippet(file: string, inputs: readonly ValueRow[]): string {
  const feeds = inputs.map(({ name, dtype, shape }) => {
    const dims = sizes(shape)
    const count = dims.reduce((product, size) => product * size, 1)
    const type = TYPES[dtype] ? dtype : dtype === 'string' ? 'string' : 'float32'
    const values =
      type === 'string' ? `new Array(${count}).fill('')` : `new ${TYPES[type]?.array ?? 'Float32Array'}(${count})`
    const comment = freeSizes(shape)
    return `  ${literal(name)}: new ort.Tensor('${type}', ${values}, [${dims.join(', ')}]),${comment && ` // ${comment}`}`
  })
  return `// npm install onnxruntime-web
import * as ort from 'onnxruntime-web'

const session = await ort.InferenceSession.create(${literal(file)})
const outputs = await session.run({
${feeds.join('\n')}
})
for (const [name, value] of Object.entries(outputs)) console.log(name, value.dims)
`
}
