/** The name of a result, beside which the original can stay: "net.onnx" → "net.small.onnx". */
export function resultName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot > 0 ? `${name.slice(0, dot)}.small${name.slice(dot)}` : `${name}.small`
}
