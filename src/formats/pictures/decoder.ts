import type { Bytes } from '../../core/bytes'
import { FormatError, PlumeError } from '../../core/errors'
import type { Picture, PictureDecoder } from '../format'
import { applyOrientation } from './exif'
import { inspectPicture, type PictureHeader } from './header'

export type PictureCodec = PictureHeader['codec']

/** Gives the bytes of a decoder's WASM file: fetched in the page, read from the package in Node. */
export type LoadWasm = (codec: PictureCodec) => Promise<Bytes>

/** Where each decoder's WASM lies, for the platform's loader. */
export const WASM_FILES: Readonly<Record<PictureCodec, string>> = {
  jpeg: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  png: '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
  webp: '@jsquash/webp/codec/dec/webp_dec.wasm',
}

/** Four channels a pixel, 8 or 16 bits each. */
interface Decoded {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray | Uint16Array
}

type Decode = (bytes: Bytes, header: PictureHeader) => Promise<Decoded>

/**
 * The one way from files to pixels: libjpeg, Rust's png and libwebp compiled to WASM, the same in page and Node, since
 * browsers' own decoders differ by a few levels. EXIF orientation is applied, colour profiles are ignored, transparency
 * is dropped (as Pillow's `convert('RGB')` does), 16-bit channels are rounded to 8, gray stays one channel.
 *
 * A decoder is loaded at its first picture. After a failure JPEG and WebP are started anew; the PNG package allows one
 * instance a thread, which a thousand damaged files wear out (each leaves its stack behind), hence the checks of
 * `inspectPng` before it.
 */
export function createPictureDecoder(loadWasm: LoadWasm): PictureDecoder {
  const modules = new Map<PictureCodec, Promise<WebAssembly.Module>>()
  const running = new Map<PictureCodec, Promise<Decode>>()
  const start = async (codec: PictureCodec) => {
    const module = modules.get(codec) ?? loadWasm(codec).then((bytes) => WebAssembly.compile(bytes))
    modules.set(codec, module)
    try {
      return await STARTERS[codec](await module)
    } catch (error) {
      modules.delete(codec)
      throw error
    }
  }
  return {
    async decode(bytes, name) {
      const header = inspectPicture(bytes, name)
      const decode = running.get(header.codec) ?? start(header.codec)
      running.set(header.codec, decode)
      try {
        return toPicture(await (await decode)(bytes, header), header, name)
      } catch (error) {
        running.delete(header.codec)
        if (error instanceof PlumeError) throw error
        const reason = error instanceof Error ? error.message : String(error)
        throw new FormatError(`the ${header.codec.toUpperCase()} data are damaged (${reason})`, { file: name })
      }
    },
  }
}

/** The packages' types name DOM types and leave out the module argument, hence these. */
interface EmscriptenCodec {
  init(
    module: WebAssembly.Module,
    overrides: { printErr(text: string): void; print(text: string): void },
  ): Promise<void>
  default(bytes: Bytes): Promise<Decoded>
}

interface Png16 extends Decoded {
  free(): void
}

interface PngCodec {
  init(module: WebAssembly.Module): Promise<unknown>
  decode(bytes: Bytes, options: { bitDepth: number }): Promise<Decoded>
}

const STARTERS: Readonly<Record<PictureCodec, (module: WebAssembly.Module) => Promise<Decode>>> = {
  async jpeg(module) {
    const codec = (await import('@jsquash/jpeg/decode.js')) as unknown as EmscriptenCodec
    return emscriptenDecode(codec, module)
  },
  async webp(module) {
    const codec = (await import('@jsquash/webp/decode.js')) as unknown as EmscriptenCodec
    return emscriptenDecode(codec, module)
  },
  async png(module) {
    const codec = (await import('@jsquash/png/decode.js')) as unknown as PngCodec
    await codec.init(module)
    return async (bytes, header) => {
      if (header.bits === 8) return codec.decode(bytes, { bitDepth: 8 })
      const result = (await codec.decode(bytes, { bitDepth: 16 })) as Png16
      // the pixels lie in the decoder's memory until it is told that they were taken
      const { width, height, data } = result
      result.free()
      return { width, height, data }
    }
  },
}

async function emscriptenDecode(codec: EmscriptenCodec, module: WebAssembly.Module): Promise<Decode> {
  const messages: string[] = []
  await codec.init(module, { printErr: (text) => void messages.push(text), print: () => undefined })
  const decode = async (bytes: Bytes) => {
    messages.length = 0
    try {
      const decoded = await codec.default(bytes)
      // libjpeg fills what is missing with gray and only warns
      const fatal = messages.find((text) => /premature|bad huffman|invalid|corrupt.*(missing|unexpected)/i.test(text))
      if (fatal !== undefined) throw new Error(fatal)
      return decoded
    } catch (error) {
      throw messages.length > 0 ? new Error(messages.join('; ')) : error
    }
  }
  // one at a time, so that messages belong to their picture
  let last: Promise<unknown> = Promise.resolve()
  return (bytes) => {
    const result = last.then(() => decode(bytes))
    last = result.catch(() => undefined)
    return result
  }
}

function toPicture(decoded: Decoded, header: PictureHeader, name: string): Picture {
  const { width, height, data } = decoded
  if (width !== header.width || height !== header.height || data.length !== width * height * 4) {
    throw new FormatError(
      `${header.width} × ${header.height} pixels were expected, the decoder gave ${width} × ${height}`,
      { file: name },
    )
  }
  const channels = header.isGray ? 1 : 3
  const count = width * height * channels
  const isWide = data instanceof Uint16Array
  // the decoder's array is nobody else's, and what is written lies before what is read next
  const pixels = isWide ? new Uint8Array(count) : new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, count)
  for (let from = 0, to = 0; from < data.length; from += 4) {
    for (let c = 0; c < channels; c++) {
      const value = data[from + c] as number
      // round(value / 257), in whole numbers
      pixels[to++] = isWide ? (value * 255 + 32895) >>> 16 : value
    }
  }
  const upright = applyOrientation(pixels, { width, height, channels }, header.orientation)
  return { ...upright, channels }
}
