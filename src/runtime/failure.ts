import { DeviceError, PlumeError, RuntimeFailure, UnsupportedError } from '../core/errors'

/**
 * onnxruntime's exceptions as errors a person can read.
 *
 * Its JavaScript wraps a sentence of the C++ side as "Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: …"; the
 * sentence may hold source paths of the build machine and C++ signatures. What the C++ side does not catch arrives as
 * a bare number, the address of the exception object in WASM memory.
 */
export function loadFailure(error: unknown): Error {
  return failure(error, 'onnxruntime refused the model')
}

export function runFailure(error: unknown): Error {
  return failure(error, 'onnxruntime could not run the model')
}

function failure(error: unknown, what: string): Error {
  if (error instanceof PlumeError) return error
  const raw = error instanceof Error ? error.message : String(error)
  if (isOutOfMemory(error, raw)) {
    return new DeviceError(
      `${what}: it ran out of memory (a WASM program has at most 4 GB). Use a smaller input or batch, or close other tabs.`,
    )
  }
  const number = exceptionNumber(error, raw)
  if (number !== undefined) {
    return new DeviceError(
      `${what}: it stopped with an internal exception (number ${number}) and gave no reason. ` +
        'Most often memory ran out; try again with a smaller input, or with one thread.',
    )
  }
  const dtype = /^unsupported (?:data )?type: ?(\w+)/.exec(raw)?.[1]
  if (dtype) {
    return new UnsupportedError(
      `${what}: an input or output holds ${dtype} values, which onnxruntime-web cannot exchange with a page. ` +
        'Export the model with a wider type there.',
    )
  }
  const sentence = cleanSentence(raw)
  return new RuntimeFailure(`${what}: ${sentence}`, blamedNode(sentence))
}

function isOutOfMemory(error: unknown, raw: string): boolean {
  return (
    /std::bad_alloc|\bOOM\b|out of memory|allocation failed|Cannot enlarge memory|Failed to allocate memory/i.test(
      raw,
    ) ||
    // An output whose size does not fit any array
    (error instanceof RangeError && /array (buffer|length)/i.test(raw))
  )
}

function exceptionNumber(error: unknown, raw: string): string | undefined {
  if (typeof error === 'number') return String(error)
  return /^(?:Error: )?(?:unknown error )?(\d{3,})$/.exec(raw.trim())?.[1] ?? /unknown error (\d+)/i.exec(raw)?.[1]
}

/** onnxruntime's own sentence without what only its developers can use. */
export function cleanSentence(raw: string): string {
  let text = raw
    .replace(/^.*?ERROR_MESSAGE: /s, '')
    .replace(/^(Fatal error: |Exception during initialization: |Load model from .*? failed:)+/, '')
    .replace(/^Failed to load model with error: /, '')
  // '/build/onnxruntime/core/x.cc:624 void onnxruntime::f(int) const [T = float] sentence'
  text = text.replace(/(?:[A-Za-z]:)?[\\/]?(?:[\w.@+-]+[\\/])+[\w.+-]+\.(?:cc|h|cpp|hpp):\d+ /g, '')
  text = text.replace(/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g, '')
  // constructors have no result type in front: 'onnxruntime::Graph::Graph(const Model &, …) sentence'
  text = text.replace(/^onnxruntime::[\w:~]+\((?:[^()]|\([^()]*\))*\)(?: const)?(?: \[[^\]]*\])? (?=\S)/, '')
  text = text.replace(/^\S[^\n]*?onnxruntime::[^\n]*\)(?: const)?(?: \[(?:[^\]]|\][^ ])*\])? (?=\S)/, '')
  text = text.replace(/\s+/g, ' ').trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** The ways in which onnxruntime 1.30 names a node, the most telling first. */
const NODE_PATTERNS = [
  // Non-zero status code returned while running Conv node. Name:'conv1' Status Message: …; inside an If the sentence
  // nests, and the last name is the node that failed
  /.*node\. Name:\s*'([^']+)'/i,
  /running (\w+) node\. Name:\s*''/i,
  // In Node, ("Quant_0", Quant, "domain", -1) : (…
  /Node,? ?\("([^"]+)", /,
  /Node,? ?\("", ([\w.]+), /,
  // Node (conv1) Op (Conv) [ShapeInferenceError] …, Node (conv1) output arg (…
  /Node ?\(([^)]+)\)/,
  /Node:\s?'?([^\s':]+)'?/,
  /node with name ['"]?([^\s'"]+)/i,
  // Could not find an implementation for Foo(13) node with name 'foo1'
  /implementation for (\w+)\(\d+\)/,
  // ai.onnx.contrib:SuperResolutionPreProcess(-1) is not a registered function/op
  /([\w.]*:\w+)\(-?\d+\) is not a registered function/,
  // No Op registered for Foo with domain_version of 13
  /No Op registered for (\w+)/,
  // Type Error: Type 'tensor(float)' of input parameter (x) of operator (Gather) in node (g) is invalid
  /in node \(([^)]+)\)/,
]

/** Name or operator of the node that a sentence blames. */
export function blamedNode(sentence: string): string | undefined {
  for (const pattern of NODE_PATTERNS) {
    const name = pattern.exec(sentence)?.[1]?.trim()
    if (name) return name
  }
  return undefined
}
