/**
 * Field numbers of the ONNX messages, IR version 13.
 * Source: onnx/onnx.in.proto of github.com/onnx/onnx. Fields that are not listed travel as unknown bytes.
 */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

export const MODEL = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  domain: 4,
  modelVersion: 5,
  docString: 6,
  graph: 7,
  opsetImport: 8,
  metadata: 14,
  trainingInfo: 20,
  functions: 25,
  /** Device configurations (IR 11): travel as unknown bytes. */
  configuration: 26,
} as const

export const GRAPH = {
  node: 1,
  name: 2,
  initializer: 5,
  docString: 10,
  input: 11,
  output: 12,
  valueInfo: 13,
  /** Quantization annotations travel as unknown bytes. */
  sparseInitializer: 15,
  metadata: 16,
} as const

export const NODE = {
  input: 1,
  output: 2,
  name: 3,
  opType: 4,
  attribute: 5,
  docString: 6,
  domain: 7,
  overload: 8,
  metadata: 9,
} as const

export const FUNCTION = {
  name: 1,
  input: 4,
  output: 5,
  attribute: 6,
  node: 7,
  docString: 8,
  opsetImport: 9,
  domain: 10,
  attributeProto: 11,
  valueInfo: 12,
  overload: 13,
  metadata: 14,
} as const

export const ATTRIBUTE = {
  name: 1,
  f: 2,
  i: 3,
  s: 4,
  t: 5,
  g: 6,
  floats: 7,
  ints: 8,
  strings: 9,
  tensors: 10,
  graphs: 11,
  docString: 13,
  tp: 14,
  typeProtos: 15,
  type: 20,
  refAttrName: 21,
  sparseTensor: 22,
  sparseTensors: 23,
} as const

/** AttributeProto.AttributeType, with the field that holds the value. */
export const ATTRIBUTE_KINDS = {
  float: { number: 1, field: ATTRIBUTE.f },
  int: { number: 2, field: ATTRIBUTE.i },
  string: { number: 3, field: ATTRIBUTE.s },
  tensor: { number: 4, field: ATTRIBUTE.t },
  graph: { number: 5, field: ATTRIBUTE.g },
  floats: { number: 6, field: ATTRIBUTE.floats },
  ints: { number: 7, field: ATTRIBUTE.ints },
  strings: { number: 8, field: ATTRIBUTE.strings },
  tensors: { number: 9, field: ATTRIBUTE.tensors },
  graphs: { number: 10, field: ATTRIBUTE.graphs },
  sparseTensor: { number: 11, field: ATTRIBUTE.sparseTensor },
  sparseTensors: { number: 12, field: ATTRIBUTE.sparseTensors },
  typeProto: { number: 13, field: ATTRIBUTE.tp },
  typeProtos: { number: 14, field: ATTRIBUTE.typeProtos },
} as const

export type AttributeKind = keyof typeof ATTRIBUTE_KINDS

export const VALUE_INFO = { name: 1, type: 2, docString: 3, metadata: 4 } as const

export const TYPE = { tensor: 1, sequence: 4, map: 5, denotation: 6, opaque: 7, sparseTensor: 8, optional: 9 } as const
export const TENSOR_TYPE = { elemType: 1, shape: 2 } as const
export const SHAPE = { dim: 1 } as const
export const DIM = { value: 1, param: 2 } as const

export const TENSOR = {
  dims: 1,
  dataType: 2,
  segment: 3,
  floatData: 4,
  int32Data: 5,
  stringData: 6,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  docString: 12,
  externalData: 13,
  dataLocation: 14,
  metadata: 16,
} as const

export const DATA_LOCATION_EXTERNAL = 1

export const SPARSE = { values: 1, indices: 2, dims: 3 } as const
export const OPSET = { domain: 1, version: 2 } as const
export const ENTRY = { key: 1, value: 2 } as const
export const TRAINING = { initialization: 1, algorithm: 2 } as const
