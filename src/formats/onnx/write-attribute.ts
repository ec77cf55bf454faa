import type { Attribute, AttributeValue } from '../../graph/model'
import { onnxCarried } from './carried'
import type { MessageWriter } from './message-writer'
import { ATTRIBUTE, ATTRIBUTE_KINDS } from './schema'
import { writeSpelled } from './write-entries'
import { writeGraph } from './write-graph'
import { writeSparseTensor, writeTensor, type TensorPlace } from './write-tensor'
import { writeType } from './write-types'

export function writeAttribute(writer: MessageWriter, field: number, attribute: Attribute, place?: TensorPlace): void {
  const carried = onnxCarried(attribute)
  const explicit = carried?.explicit
  const valueField = attribute.type === 'none' || attribute.refName ? undefined : ATTRIBUTE_KINDS[attribute.type].field
  writer.message(field, () => {
    writer.text(ATTRIBUTE.name, attribute.name)
    const isOmitted = explicit && valueField && isDefault(attribute) && !explicit.includes(valueField)
    if (valueField && !isOmitted) {
      if (carried?.verbatim?.has(valueField)) {
        writeSpelled(writer, valueField, carried, (target) => writeAttributeValue(target, attribute))
      } else {
        writeAttributeValue(writer, attribute, place)
      }
    }
    if (attribute.docString !== undefined) writer.text(ATTRIBUTE.docString, attribute.docString)
    const type = attribute.type === 'none' ? (attribute.onnxType ?? 0) : ATTRIBUTE_KINDS[attribute.type].number
    if (!explicit || explicit.includes(ATTRIBUTE.type)) writer.int64(ATTRIBUTE.type, type)
    if (attribute.refName !== undefined) writer.text(ATTRIBUTE.refAttrName, attribute.refName)
    for (const raw of carried?.unknown ?? []) writer.raw(raw)
  })
}

function isDefault(value: AttributeValue): boolean {
  if (value.type === 'float') return Object.is(value.value, 0)
  if (value.type === 'int') return value.value === 0n
  return value.type === 'string' && value.value.length === 0
}

/** Writes only the field that holds the value. */
export function writeAttributeValue(writer: MessageWriter, attribute: AttributeValue, place?: TensorPlace): void {
  switch (attribute.type) {
    case 'float':
      return writer.float(ATTRIBUTE.f, attribute.value)
    case 'int':
      return writer.int64(ATTRIBUTE.i, attribute.value)
    case 'string':
      return writer.bytes(ATTRIBUTE.s, attribute.value)
    case 'tensor':
      return writeTensor(writer, ATTRIBUTE.t, attribute.value, place)
    case 'graph':
      return writeGraph(writer, ATTRIBUTE.g, attribute.value, place)
    case 'sparseTensor':
      return writeSparseTensor(writer, ATTRIBUTE.sparseTensor, attribute.value, place)
    case 'typeProto':
      return writeType(writer, ATTRIBUTE.tp, attribute.value)
    case 'floats':
      return attribute.value.forEach((value) => writer.float(ATTRIBUTE.floats, value))
    case 'ints':
      return attribute.value.forEach((value) => writer.int64(ATTRIBUTE.ints, value))
    case 'strings':
      return attribute.value.forEach((value) => writer.bytes(ATTRIBUTE.strings, value))
    case 'tensors':
      return attribute.value.forEach((value) => writeTensor(writer, ATTRIBUTE.tensors, value, place))
    case 'graphs':
      return attribute.value.forEach((value) => writeGraph(writer, ATTRIBUTE.graphs, value, place))
    case 'sparseTensors':
      return attribute.value.forEach((value) => writeSparseTensor(writer, ATTRIBUTE.sparseTensors, value, place))
    case 'typeProtos':
      return attribute.value.forEach((value) => writeType(writer, ATTRIBUTE.typeProtos, value))
    case 'none':
      return
  }
}
