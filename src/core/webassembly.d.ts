/** As platform.d.ts, in a file of its own: Node's types lack this part, DOM and worker types have it. */
declare namespace WebAssembly {
  interface Module {}
  interface Memory {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  interface Instance {
    readonly exports: Record<string, unknown>
  }
  const Module: { new (bytes: BufferSource): Module }
  const Memory: { new (descriptor: { initial: number; maximum?: number; shared?: boolean }): Memory }
  const Instance: { new (module: Module, imports?: Record<string, Record<string, unknown>>): Instance }
  function compile(bytes: BufferSource): Promise<Module>
  function instantiate(module: Module, imports?: Record<string, Record<string, unknown>>): Promise<Instance>
  function validate(bytes: BufferSource): boolean
}
type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer
