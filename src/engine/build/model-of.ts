import type { Graph, Model } from '../../graph/model'
import { LAST_OPSET } from '../../graph/opset'

/** The IR version that ONNX 1.20, the release of opset 25, writes. */
const IR_VERSION = 13

/** A graph of opset 25 as a model, made in memory. */
export function modelOf(graph: Graph, about: Partial<Pick<Model, 'producerName' | 'docString'>> = {}): Model {
  const domains = new Set(graph.nodes.map(({ domain }) => domain))
  domains.delete('')
  return {
    ...{ source: null, edits: 1, irVersion: IR_VERSION, modelVersion: 0n, domain: '' },
    ...{ producerName: 'plume', producerVersion: '', docString: '', ...about },
    opsets: new Map([['', LAST_OPSET], ...[...domains].map((domain): [string, number] => [domain, 1])]),
    metadata: new Map(),
    graph,
    functions: [],
  }
}
