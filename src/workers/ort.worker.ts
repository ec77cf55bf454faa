import * as ort from 'onnxruntime-web/wasm'
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { exposeRuntime } from './expose-runtime'

exposeRuntime(ort, { provider: 'wasm', wasmPaths: { wasm, mjs } })
