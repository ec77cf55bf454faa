/** Flags of the WebGPU specification ("GPUBufferUsage", "GPUMapMode"): browsers have them as globals, Node does not. */
export const USAGE = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
  queryResolve: 0x200,
}
export const MAP_READ = 0x1
