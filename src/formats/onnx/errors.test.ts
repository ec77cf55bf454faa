import { describe, expect, it } from 'vitest'
import { concatBytes, type Bytes } from '../../core/bytes'
import { FormatError } from '../../core/errors'
import { initializer, len, modelOf, nodeOf, num, readBytes, utf8, varint } from './onnx-test-kit'

const attributeOf = (...fields: readonly Uint8Array[]) =>
  modelOf(nodeOf('Op', [], ['y'], len(5, len(1, 'a'), ...fields)))
const typeOf = (...parts: readonly Uint8Array[]) => modelOf(len(11, len(1, 'x'), len(2, ...parts)))
const ifNode = (inputs: readonly string[], output: string, ...branch: readonly Uint8Array[]) =>
  nodeOf('If', inputs, [output], len(5, len(1, 'then_branch'), len(6, ...branch), num(20, 5)))

function nested(depth: number, wrap: (inner: Bytes) => Bytes, inner: Bytes): Bytes {
  let bytes = inner
  for (let i = 0; i < depth; i++) bytes = wrap(bytes)
  return bytes
}

const deepGraph = nested(
  70,
  (inner) => nodeOf('If', [], [], len(5, len(1, 'g'), len(6, inner), num(20, 5))),
  len(2, 'g'),
)
const deepType = nested(70, (inner) => len(4, len(1, inner)), len(1, num(1, 1)))

/** What is read, and what the message must say; every message of the reader appears once. */
const CASES: readonly [string, Bytes, RegExp][] = [
  ['an empty file', new Uint8Array(0), /byte 0: this is not an ONNX model: the file is empty/],
  ['text', utf8('hello, this is text'), /not an ONNX model: it begins with the text "hello, this is text"/],
  ['a model without graph', num(1, 8), /the model: expected a graph, found none/],
  ['two graphs', concatBytes([modelOf(len(2, 'g')), len(7, len(2, 'g'))]), /the model: gives its graph twice/],
  [
    'a length beyond the file',
    modelOf(len(2, 'g')).slice(0, 6),
    /at byte 2: the model: field 7 takes 3 bytes, but only 2 bytes are left/,
  ],
  [
    'a length beyond its message',
    modelOf(Uint8Array.of(0x12, 50)),
    /field 2 takes 50 bytes, but only 0 bytes are left/,
  ],
  [
    'a number that the end cuts',
    concatBytes([modelOf(), Uint8Array.of(0x28, 0xff)]),
    /the file ends in the middle of a number/,
  ],
  [
    'a number of eleven bytes',
    modelOf(Uint8Array.of(0xf8, 0x7d, ...Array<number>(10).fill(0xff), 1)),
    /a number of at most 10 bytes/,
  ],
  ['field zero', modelOf(Uint8Array.of(0x02, 0x00)), /expected a field of a message, found the tag 2/],
  ['a group', modelOf(Uint8Array.of(0x0b)), /field 1 has wire type 3, which ONNX does not use/],
  ['a name that is a number', modelOf(num(2, 5)), /field 2 has wire type 0, expected 2/],
  [
    'a negative IR version',
    concatBytes([num(1, 8), len(6, new Uint8Array(5000).fill(97)), modelOf(), num(1, -1)]),
    /expected an IR version, found -1/,
  ],
  [
    'a version beyond all numbers',
    modelOf(len(11, len(1, 'x'), len(2, len(1, num(1, 2n ** 62n))))),
    /value x: field 1 is 4611686018427387904, which is out of range/,
  ],
  [
    'training twice',
    concatBytes([modelOf(), len(20, len(1, len(2, 'a')), len(1, len(2, 'b')))]),
    /training information: gives field 1 twice/,
  ],
  ['too many graphs in each other', modelOf(deepGraph), /graphs nested at most 64 deep/],
  ['too many types in each other', typeOf(deepType), /value x: expected a type nested at most 64 deep/],
  ['a value without name', modelOf(len(11, len(3, 'doc'))), /expected a value with a name/],
  ['a type twice', modelOf(len(11, len(1, 'x'), len(2), len(2))), /value x: gives its type twice/],
  [
    'a node without operator',
    modelOf(len(1, len(2, 'y'))),
    /node y: expected a node with an operator \(op_type\), found none/,
  ],
  [
    'an attribute twice',
    modelOf(nodeOf('Op', [], ['y'], len(5, len(1, 'a'), num(20, 2)), len(5, len(1, 'a'), num(20, 2)))),
    /node y \(Op\): gives the attribute a twice/,
  ],
  [
    'a default twice',
    concatBytes([modelOf(), len(25, len(1, 'f'), len(11, len(1, 'a'), num(20, 2)), len(11, len(1, 'a'), num(20, 2)))]),
    /gives attribute a twice/,
  ],
  [
    'an attribute without name',
    modelOf(nodeOf('Op', [], ['y'], len(5, num(20, 2)))),
    /expected an attribute with a name/,
  ],
  [
    'two values in one attribute',
    attributeOf(len(5, num(2, 1)), len(5, num(2, 1)), num(20, 4)),
    /gives its value twice|takes/,
  ],
  [
    'two graphs in one attribute',
    attributeOf(len(6, len(2, 'g')), len(6, len(2, 'h')), num(20, 5)),
    /attribute a: gives its value twice/,
  ],
  [
    'a tensor attribute without tensor',
    attributeOf(num(20, 4)),
    /node y \(Op\), attribute a: its type is tensor, but it holds no tensor/,
  ],
  [
    'packed floats that are cut',
    attributeOf(len(7, [1, 2, 3]), num(20, 6)),
    /expected floats of 4 bytes each, found 3 bytes/,
  ],
  ['a packed int over the end', attributeOf(len(8, [0xff]), num(20, 7)), /a value runs over the end of its field/],
  ['a float with the wrong width', attributeOf(num(2, 1), num(20, 1)), /field 2 has wire type 0, expected 5/],
  ['an initializer without name', modelOf(len(5, num(2, 2), len(9, [1]))), /expected an initializer with a name/],
  [
    'two initializers with one name',
    modelOf(initializer('w', num(2, 2), len(9, [1])), initializer('w', num(2, 2), len(9, [1]))),
    /tensor w: two initializers have this name/,
  ],
  ['a negative dimension', modelOf(initializer('w', num(1, -3))), /expected a dimension from 0 to 2\^53, found -3/],
  [
    'too many elements',
    modelOf(initializer('w', num(1, 2n ** 40n), num(1, 2n ** 40n), num(2, 1))),
    /tensor w: its shape \[1099511627776,1099511627776\] has too many elements/,
  ],
  [
    'too few raw bytes',
    modelOf(initializer('w', num(1, 3), num(2, 1), len(9, [1, 2]))),
    /at byte \d+: tensor w: float32 \[3\] takes 12 bytes, found 2/,
  ],
  [
    'no bytes at all',
    modelOf(initializer('w', num(1, 3), num(2, 6))),
    /tensor w: int32 \[3\] takes 3 stored values, found 0/,
  ],
  [
    'too few packed values',
    modelOf(initializer('w', num(1, 30), num(2, 6), len(5, [1, 2, 3]))),
    /int32 \[30\] takes 30 stored values, found 1 to 3/,
  ],
  [
    'floats of odd width',
    modelOf(initializer('w', num(1, 1), num(2, 1), len(4, [1, 2, 3]))),
    /expected values of 4 bytes each, found 3 bytes/,
  ],
  [
    'values in a field of another type',
    modelOf(initializer('w', num(1, 1), num(2, 1), len(7, [1]))),
    /float32 \[1\] cannot be stored in field 7, expected field 4/,
  ],
  ['raw data twice', modelOf(initializer('w', num(2, 2), len(9, [1]), len(9, [1]))), /tensor w: gives raw_data twice/],
  [
    'raw data that is a number',
    modelOf(initializer('w', num(2, 2), num(9, 1))),
    /field 9 has wire type 0, which cannot hold its elements/,
  ],
  [
    'strings as raw data',
    modelOf(initializer('w', num(1, 1), num(2, 8), len(9, [1]))),
    /string \[1\] must be stored in string_data/,
  ],
  [
    'too few strings',
    modelOf(initializer('w', num(1, 2), num(2, 8), len(6, 'a'))),
    /string \[2\] takes 2 strings, found 1/,
  ],
  [
    'a sparse tensor without indices',
    modelOf(len(15, len(1, len(8, 'w')))),
    /expected a sparse tensor with values and indices/,
  ],
  [
    'a sparse tensor with two values',
    modelOf(len(15, len(1, len(8, 'w')), len(1, len(8, 'w')))),
    /a sparse tensor has it twice/,
  ],
  [
    'a value defined twice',
    modelOf(nodeOf('A', [], ['y']), nodeOf('B', [], ['y'], len(3, 'second'))),
    /node second \(B\) defines the value y, which is defined already/,
  ],
  [
    'two inputs with one name',
    modelOf(len(11, len(1, 'x')), len(11, len(1, 'x'))),
    /graph \(without name\) has two inputs with the name x/,
  ],
  [
    'an unknown input',
    modelOf(nodeOf('A', ['x'], ['y'])),
    /node y \(A\) reads the value x, which nothing before it defines/,
  ],
  [
    'an unknown output',
    modelOf(len(2, 'main'), len(12, len(1, 'y'))),
    /graph main has the output y, which nothing defines/,
  ],
  [
    'a cycle',
    modelOf(nodeOf('A', ['c'], ['a']), nodeOf('B', ['a'], ['b']), nodeOf('C', ['b'], ['c'])),
    /node b \(B\) is part of a cycle: it reads a/,
  ],
  [
    'a cycle through a sub-graph',
    modelOf(nodeOf('A', ['c'], ['a']), ifNode([], 'c', nodeOf('N', ['a'], ['n']), len(12, len(1, 'n')))),
    /node n \(N\) reads the value a, which nothing before it defines/,
  ],
]

describe('ONNX reader on nodes out of order', () => {
  it('moves only what comes too late, as onnxruntime does', async () => {
    const model = await readBytes(
      modelOf(nodeOf('A', ['c'], ['a']), nodeOf('B', [], ['b']), nodeOf('C', ['d'], ['c']), nodeOf('D', [], ['d'])),
    )
    expect(model.graph.nodes.map((node) => node.opType)).toEqual(['D', 'C', 'A', 'B'])
    expect(model.edits).toBe(0)
  })

  it('counts what a sub-graph reads', async () => {
    const model = await readBytes(
      modelOf(ifNode([], 'c', nodeOf('N', ['late'], ['n']), len(12, len(1, 'n'))), nodeOf('A', [], ['late'])),
    )
    expect(model.graph.nodes.map((node) => node.opType)).toEqual(['A', 'If'])
  })
})

it('ONNX reader puts a node before which 100 000 others must come in order at once', { timeout: 20_000 }, async () => {
  const names = Array.from({ length: 100_000 }, (_, i) => `v${i}`)
  const makers = concatBytes(names.map((name) => nodeOf('A', [], [name])))
  const model = await readBytes(modelOf(nodeOf('Sum', names, ['y']), makers))
  expect(model.graph.nodes.at(-1)?.opType).toBe('Sum')
  expect(model.graph.nodes[0]?.outputs).toEqual(['v0'])
})

describe('ONNX reader on bad input', () => {
  it.each(CASES)('explains %s', async (_, bytes, message) => {
    const error = await readBytes(bytes).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(FormatError)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).toMatch(/^m\.onnx at byte \d+: [^\n]*\.$/)
  })

  it('finds a lie about packed values when they are read', async () => {
    const tensor = (
      await readBytes(modelOf(initializer('w', num(1, 2), num(2, 6), len(5, varint(-1)))))
    ).graph.initializers.get('w')!
    await expect(tensor.data.read(0, 8)).rejects.toThrow(/tensor w: expected 2 stored values, found 1/)
    const cut = (
      await readBytes(modelOf(initializer('w', num(1, 1), num(2, 6), len(5, [0xff]))))
    ).graph.initializers.get('w')!
    await expect(cut.data.read(0, 4)).rejects.toThrow(/tensor w: a value runs over the end of its field/)
  })

  it('stops at a file made of nothing but tiny fields', async () => {
    const empty = new Uint8Array(40_000_000)
    for (let i = 0; i < empty.length; i += 2) empty[i] = 0x0a
    const node = nodeOf('Op', [], [], empty)
    await expect(readBytes(modelOf(node))).rejects.toThrow('expected at most 16777216 fields besides the weights')
  }, 60_000)

  it('keeps names from the file on one line', async () => {
    const bytes = modelOf(nodeOf('A', ['two\nlines\u2028' + 'x'.repeat(5000)], ['y']))
    const message = await readBytes(bytes).catch((error: Error) => error.message)
    expect(message).not.toMatch(/[\n\u2028]/)
    expect(String(message).length).toBeLessThan(800)
  })

  it('refuses a field that no buffer can hold', async () => {
    const length = 600 * 1024 * 1024
    const head = concatBytes([num(1, 8), Uint8Array.of(0x3a), varint(length + 6), Uint8Array.of(0x52), varint(length)])
    const read = async (offset: number, count: number) => {
      const bytes = new Uint8Array(count)
      bytes.set(head.subarray(offset, offset + count))
      return bytes
    }
    const main = { name: 'm.onnx', sizeBytes: head.length + length, read }
    const { readModel } = await import('./read-model')
    await expect(readModel({ main, sibling: async () => null })).rejects.toThrow('at most 536870912 can be read')
  })
})
