import type { Runtime } from '../../runtime/runtime'
import type { OtherProvider, ProviderNotes } from './provider'

/** A runtime that lives for one proof. */
export type OpenOther = () => Promise<Runtime & { terminate(): void }>

/** Another provider of onnxruntime: WebGPU. */
export function runtimeProvider(open: OpenOther): OtherProvider {
  let other: Awaited<ReturnType<OpenOther>> | undefined
  return {
    notes: RUNTIME_NOTES,
    isTimed: true,
    async open(bytes) {
      other ??= await open()
      return { name: other.provider, session: await other.open(bytes) }
    },
    close: () => other?.terminate(),
  }
}

const RUNTIME_NOTES: ProviderNotes = {
  notRun: (why) => `ONNX Runtime's WebGPU provider did not run the models: ${why}.`,
  cut: (samples, seconds) =>
    `ONNX Runtime's WebGPU provider ran the first ${samples} samples only: more would have taken longer than ${seconds} s.`,
}
