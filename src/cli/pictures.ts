import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createPictureDecoder, WASM_FILES } from '../formats/pictures/decoder'

const require = createRequire(import.meta.url)

/** The decoders' WASM is read from their packages, when the first picture needs it. */
export const nodePictureDecoder = createPictureDecoder(
  async (codec) => new Uint8Array(await readFile(require.resolve(WASM_FILES[codec]))),
)
