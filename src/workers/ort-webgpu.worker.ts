/** onnxruntime with its WebGPU provider, for those who asked for it: 27 MB of WASM that no cache of ours keeps. */
import * as ort from 'onnxruntime-web/webgpu'
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import { exposeRuntime } from './expose-runtime'

exposeRuntime(ort, { provider: 'webgpu', wasmPaths: { wasm, mjs } })
