import { dtypeToOnnx } from '../../core/dtypes'
import type { ValueInfo, ValueType } from '../../graph/model'
import { onnxCarried } from './carried'
import type { MessageWriter } from './message-writer'
import { DIM, SHAPE, TENSOR_TYPE, TYPE, VALUE_INFO } from './schema'
import { writeEntries, writeSpelled } from './write-entries'

export function writeValueInfo(writer: MessageWriter, field: number, info: ValueInfo): void {
  const carried = onnxCarried(info)
  writer.message(field, () => {
    if (info.name !== '' || carried?.explicit?.includes(VALUE_INFO.name)) writer.text(VALUE_INFO.name, info.name)
    const { type } = info
    if (type) writeSpelled(writer, VALUE_INFO.type, carried, (target) => writeType(target, VALUE_INFO.type, type))
    if (info.docString !== undefined) writer.text(VALUE_INFO.docString, info.docString)
    writeEntries(writer, VALUE_INFO.metadata, info.metadata, carried)
    for (const raw of carried?.unknown ?? []) writer.raw(raw)
  })
}

/** Writes a TypeProto as field `field`. */
export function writeType(writer: MessageWriter, field: number, type: ValueType): void {
  if (type.kind === 'other') return writer.bytes(field, onnxCarried(type)?.typeProto ?? new Uint8Array(0))
  writer.message(field, () =>
    writer.message(TYPE.tensor, () => {
      writer.int64(TENSOR_TYPE.elemType, dtypeToOnnx(type.dtype))
      const { shape } = type
      if (!shape) return
      writer.message(TENSOR_TYPE.shape, () => {
        for (const dim of shape) {
          writer.message(SHAPE.dim, () => {
            if (typeof dim === 'number') writer.int64(DIM.value, dim)
            else if (dim !== null) writer.text(DIM.param, dim)
          })
        }
      })
    }),
  )
}
