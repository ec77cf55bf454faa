import jpeg from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url&no-inline'
import png from '@jsquash/png/codec/pkg/squoosh_png_bg.wasm?url&no-inline'
import webp from '@jsquash/webp/codec/dec/webp_dec.wasm?url&no-inline'
import { DeviceError } from '../core/errors'
import { createPictureDecoder } from '../formats/pictures/decoder'

const URLS = { jpeg, png, webp }

/** The decoders' WASM is fetched from our own origin, when the first picture needs it. */
export const workerPictureDecoder = createPictureDecoder(async (codec) => {
  const response = await fetch(URLS[codec])
  if (!response.ok) {
    throw new DeviceError(`The ${codec} decoder could not be fetched (status ${response.status}). Reload the page.`)
  }
  return new Uint8Array(await response.arrayBuffer())
})
