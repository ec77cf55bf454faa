/** The text of an exported module around its program. */
import type { Assembled } from './assemble'
import type { About } from './about'
import type { ModuleColumn } from './javascript-module'
import { functionsFor } from './runtime'

export interface ModuleParts extends About {
  readonly program: Assembled
  readonly texts: ReadonlyMap<string, number>
  /** Of the model. */
  readonly name: string
  /** In base64. */
  readonly kernels: string
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** What the first output gives, where there are classes. */
  readonly areProbabilities: boolean
  /** One sample at a time. */
  readonly isFixed: boolean
}

export interface Port {
  readonly name: string
  readonly isText: boolean
  /** undefined: nothing reads it. */
  readonly address: number | undefined
  /** Floats of one sample. */
  readonly width: number
}

export function moduleText(parts: ModuleParts): string {
  const { program, kernels, name, classes } = parts
  const body = [encoder(parts), decoder(parts), prepare(program), run(program), driver(program, parts.isFixed)].join(
    '\n\n',
  )
  const own = functionsFor(body)
  return [
    heading(name),
    types(parts),
    ...(classes ? [`export const classes = ${json(classes)}`] : []),
    'let memory\nlet kernels',
    own,
    body,
    `const WASM = '${kernels}'`,
    `const WEIGHTS = '${toBase64(program.weights.bytes)}'`,
    '',
  ].join('\n\n')
}

const heading = (name: string): string =>
  `// ${oneLine(name)}: a model made with Plume. Its weights, its WebAssembly kernels and all code are in this file;
// it fetches nothing. Use: const model = await load(); model.predict([row, row, …])
// A Content-Security-Policy, where there is one, has to allow 'wasm-unsafe-eval'.
// @ts-nocheck: its types are for those who import it
/* eslint-disable */`

/** No text may end a comment, or become more than one line. */
const oneLine = (text: string): string => text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').replaceAll('*/', '* /')

const json = (value: unknown): string => JSON.stringify(value).replaceAll('*/', '*\\/')

function types({ inputs, outputs, columns, classes }: ModuleParts): string {
  const list = (of: string) => `${of}[] | Float32Array`
  const row = columns
    ? `{ ${columns.map((one) => `${json(one.name)}?: ${TYPES[one.kind]} | null`).join(', ')} } | (number | string | null)[]`
    : inputs.length === 1
      ? list('number')
      : `{ ${inputs.map(({ name }) => `${json(name)}: ${list('number')}`).join(', ')} }`
  const one = ({ width }: Port) => (width === 1 ? 'number' : 'number[]')
  const result = classes
    ? '{ label: string, probability: number, probabilities: number[] }'
    : outputs.length === 1
      ? one(outputs[0] as Port)
      : `{ ${outputs.map((port) => `${json(port.name)}: ${one(port)}`).join(', ')} }`
  return [
    `/** ${rowComment(columns, inputs)}\n * @typedef {${row}} Row */`,
    `/** ${classes ? 'The likeliest class; `probabilities` follow `classes`.' : 'What the model gives for one row.'}\n * @typedef {${result}} Prediction */`,
  ].join('\n')
}

const TYPES = { number: 'number', category: 'string' } as const

function rowComment(columns: readonly ModuleColumn[] | undefined, inputs: readonly Port[]): string {
  if (columns) return 'By column, or as a list in their order; null where a value is missing.'
  return `The numbers of ${inputs.map(({ name, width }) => `${oneLine(name)} (${width})`).join(' and ')}, as the model takes them.`
}

function encoder({ inputs, texts, columns }: ModuleParts): string {
  if (!columns) {
    const rows = inputs
      .filter(({ address }) => address !== undefined)
      .map(({ name, address, width }) => [name, address, width])
    return `const INPUTS = ${json(rows)}\n\nconst write = (row, index, place) => writeArrays(row, index, place, INPUTS)`
  }
  const rows = columns.map(({ name, kind, input, index }) => {
    const { address = 0, width } = inputs.find((one) => one.name === input) as Port
    return [name, address + index, width, ...(kind === 'category' ? [1] : [])]
  })
  return [
    `/** The columns of a row, in their order. */\nexport const columns = ${json(columns.map(({ name }) => name))}`,
    `const COLUMNS = ${json(rows)}`,
    `const TEXTS = new Map(${json([...texts])})`,
    `const write = (row, index, place) => writeRow(row, index, place, COLUMNS, TEXTS)`,
  ].join('\n\n')
}

function decoder({ outputs, areProbabilities, classes }: ModuleParts): string {
  const read = ({ address, width }: Port) =>
    width === 1
      ? `memory[${address} + place]`
      : `Array.from(memory.subarray(${address} + place * ${width}, ${address} + (place + 1) * ${width}))`
  const [first] = outputs as [Port]
  if (classes) {
    const scores = first.width === 1 ? `[${read(first)}]` : read(first)
    return `function read(place) {
  const probabilities = probabilitiesOf(${scores}, ${areProbabilities})
  const probability = Math.max(...probabilities)
  return { label: classes[probabilities.indexOf(probability)], probability, probabilities }
}`
  }
  const value =
    outputs.length === 1
      ? read(first)
      : `({ ${outputs.map((port) => `${json(port.name)}: ${read(port)}`).join(', ')} })`
  return `const read = (place) => ${value}`
}

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n')

const prepare = ({
  weights,
  once,
}: Assembled): string => `/** Weights into memory, in the form that the kernels take. */
function prepare(bytes) {
${indented([...weights.loads.map((load) => load.replace('(bytes, ', '(bytes.buffer, ')), ...once])}
}`

const run = ({ lines }: Assembled): string => `/** The model, for the n samples that stand in memory. */
function run(n) {
${indented(lines)}
}`

function driver({ memory, batch }: Assembled, isFixed: boolean): string {
  return `async function start() {
  const { instance } = await WebAssembly.instantiate(base64(WASM))
  kernels = instance.exports
  kernels.memory.grow(${Math.max(0, Math.ceil((memory * 4) / 65536) - 1)})
  memory = new Float32Array(kernels.memory.buffer)
  prepare(base64(WEIGHTS))
  return { predict }
}

/** @param {Row[]} rows @returns {Prediction[]} */
function predict(rows) {
  const results = []
  for (let from = 0; from < rows.length; from += ${batch}) {
    const n = Math.min(${batch}, rows.length - from)
    for (let i = 0; i < n; i++) write(rows[from + i], from + i, i)
    run(${isFixed ? '' : 'n'})
    for (let i = 0; i < n; i++) results.push(read(i))
  }
  return results
}

let model

/** Makes the model ready; the second call gives the same one. @returns {Promise<{ predict(rows: Row[]): Prediction[] }>} */
export function load() {
  return (model ??= start())
}`
}

const CHUNK = 0x8000

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(text)
}
