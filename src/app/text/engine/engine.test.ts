import { describe, expect, test } from 'vitest'
import { frenchNumber, sentences, table } from '../fr/engine'
import { makeSentences } from './match'
import { engineTemplates, templatesOf } from './sources-kit'

/** Placeholders without their names: what a source template and an entry of the table have in common. */
const shape = (text: string) => text.replace(/\{\w+[~#!]?\}/g, '{}')
const placeholders = (text: string) => (text.match(/\{\w+[~#!]?\}/g) ?? []).sort()
const french = (sentence: string) =>
  sentences
    .spans(sentence)
    .map(({ text, isEnglish }) => (isEnglish ? `[en:${text}]` : text))
    .join('')
    .replace(/[\u00a0\u202f]/g, '_')

describe('the table of French sentences', () => {
  const templates = engineTemplates()

  test('has every sentence of the engine', () => {
    expect(templates.length).toBeGreaterThan(450)
    const known = new Set(Object.keys(table).map(shape))
    const missing = templates.filter(({ text }) => !known.has(text))
    expect(missing.map(({ at, text }) => `${at}: ${text}`)).toEqual([])
  })

  test('leaves nothing of a finished sentence in English', () => {
    // what others say stays, e.g. the 7 of "damaged (7)"
    const isLeft = (text: string) => sentences.spans(text).some((span) => span.isEnglish && span.text !== '7')
    const left = templates.filter(({ text }) => isLeft(text.replaceAll('{}', '7')))
    expect(left.map(({ at, text }) => `${at}: ${text}`)).toEqual([])
  })

  test('fills the same placeholders as the English', () => {
    const wrong = Object.entries(table).filter(([en, fr]) => {
      const names = new Set(placeholders(en))
      return placeholders(fr).some((name) => !names.has(name))
    })
    expect(wrong.map(([en]) => en)).toEqual([])
  })
})

describe('sentences in French', () => {
  test.each([
    ['kept: below 1024 bytes', 'conservé_: moins de 1_024 octets'],
    ['weights of 3 Conv nodes and 1 Gemm node', 'poids de 3 nœuds Conv et 1 nœud Gemm'],
    [
      'Stays float32: "square" (Pow): Pow may leave the range of float16.',
      'Reste en float32_: «_square_» (Pow)_: Pow peut sortir de la plage de float16.',
    ],
    ['12 unused nodes removed.', '12 nœuds inutilisés retirés.'],
    ['1 float32 tensor stored as float16.', '1 tenseur float32 stocké en float16.'],
    ['not smaller (73.3 kB instead of 1.2 MB)', 'pas plus petit (73,3_ko au lieu de 1,2_Mo)'],
    [
      'The original is kept. Tried: weights-int8: outputs differ too much (28.3 dB, at least 30 dB is asked for); tidy: larger than the one chosen.',
      'L’original est conservé. Essais_: weights-int8_: les sorties diffèrent trop (28,3_dB_; il en faut au moins 30 dB)_; tidy_: plus gros que celui choisi.',
    ],
    [
      'Slower: a run takes 2.41 ms instead of 1.2 ms (101% more, wasm). Not slower: float16 (1.1 ms, 36.7 kB).',
      'Plus lent_: une exécution prend 2,41_ms au lieu de 1,2_ms (101_% de plus, wasm). Pas plus lent_: float16 (1,1_ms, 36,7_ko).',
    ],
    [
      'tensor conv1.weight: field 9 takes 40000 bytes, but only 512 bytes are left.',
      'tenseur conv1.weight_: le champ 9 occupe 40_000 octets, mais il n’en reste que 512.',
    ],
    [
      'this is not an ONNX model: its first bytes (50 4b 03 04) are those of a zip archive (PyTorch, Keras and NumPy save such files)',
      'ce n’est pas un modèle ONNX_: ses premiers octets (50 4b 03 04) sont ceux de_: une archive zip (PyTorch, Keras et NumPy en enregistrent)',
    ],
    [
      'opset 11 → 21, IR version 6 → 10; weights no longer listed among the inputs: 12',
      'opset 11 → 21, version d’IR 6 → 10_; poids retirés de la liste des entrées_: 12',
    ],
    [
      '"fc.weight" of 40960 bytes is kept: read by Add, not as a weight.',
      '«_fc.weight_», 40_960 octets, est conservé_: lu par Add, mais pas comme poids.',
    ],
    [
      'method weights-int8 has no option "bits". It has: scheme, form.',
      'la méthode weights-int8 n’a pas d’option «_bits_». Options_: scheme, form.',
    ],
    [
      'Option "minBytes" of Poids sur 8 bits takes a whole number from 0 to 1099511627776, not "x".',
      'L’option «_minBytes_» de «_Poids sur 8 bits_» demande un nombre entier de 0 à 1_099_511_627_776, pas "x".',
    ],
  ])('%s', (english, expected) => expect(french(english)).toBe(expected))

  test('what onnxruntime says is quoted as it is and marked as English', () => {
    expect(french('onnxruntime refused the model: No Op registered for Foo with domain_version of 13.')).toBe(
      'onnxruntime a refusé le modèle_: «_[en:No Op registered for Foo with domain_version of 13.]_»',
    )
    expect(french("onnxruntime could not run the model: running Pad node. Name:'a' Status Message: too short.")).toBe(
      "onnxruntime n’a pas pu exécuter le modèle_: «_[en:running Pad node. Name:'a' Status Message: too short.]_»",
    )
    expect(french('onnxruntime refused the model: No Op registered for Foo. It stands at node "a" (Foo).')).toBe(
      'onnxruntime a refusé le modèle_: «_[en:No Op registered for Foo.]_» Il s’agit du nœud «_a_» (Foo).',
    )
  })

  test('what a browser says of WASM is marked as English', () => {
    expect(
      french(
        "The engine's SIMD kernels could not be loaded (CompileError: invalid value type at offset 12). Update the browser or Node, or choose the reference backend.",
      ),
    ).toBe(
      'Les noyaux SIMD du moteur n’ont pas pu être chargés ([en:CompileError: invalid value type at offset 12]). Mettez à jour le navigateur ou Node, ou choisissez le moteur de référence.',
    )
  })

  test('a sentence that nobody translated stays English, and says so', () => {
    expect(french('A new sentence without translation.')).toBe('[en:A new sentence without translation.]')
    expect(french('conv1.weight')).toBe('conv1.weight')
  })

  test('names are never translated or formatted', () => {
    expect(french('node 12345 reads the value the model, which nothing before it defines')).toBe(
      'nœud 12345 lit la valeur the model, que rien ne définit avant lui',
    )
  })

  test('hostile sentences end soon', () => {
    const started = performance.now()
    sentences.spans('a: '.repeat(1300))
    sentences.spans(`${'"x" of 1 bytes is kept: '.repeat(150)}.`)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

test('numbers keep their digits and take French signs', () => {
  expect(frenchNumber('1,234.50 ms')).toBe('1\u202f234,50\u00a0ms')
  expect(frenchNumber('9007199254740993')).toBe('9\u202f007\u202f199\u202f254\u202f740\u202f993')
  expect(frenchNumber('98%')).toBe('98\u202f%')
  expect([frenchNumber('1.2.3'), frenchNumber('12 apples'), frenchNumber('v1')]).toEqual([null, null, null])
})

describe('what is read from the source', () => {
  const texts = (source: string) => templatesOf('a.ts', source).map(({ text }) => text)

  test('sums, templates and choices become finished sentences', () => {
    expect(texts("throw new UsageError(`Tensor ${name} has ${n} ` + 'bytes too many.')")).toEqual([
      'Tensor {} has {} bytes too many.',
    ])
    expect(texts("note({ text: `${n} ${n === 1 ? 'tensor' : 'tensors'} left` })")).toEqual([
      '{} tensor left',
      '{} tensors left',
    ])
    expect(texts("const hint = where(`line ${line}: ${why('no such file')}`)")).toEqual(['line {}: {}', 'no such file'])
  })

  test('what only programmers see is left out', () => {
    expect(texts("assert(x, 'is never zero'); throw new Error('Bug in Plume: oh no'); import a from 'a b'")).toEqual([])
    expect(texts("const OPS = 'Add Sub Mul'; const key = 'utf-8'")).toEqual([])
  })
})

test('recursion ends at numbers, names and sentences of the same table', () => {
  const { spans } = makeSentences({ 'outer {x~}': 'dehors {x~}', 'inner part': 'dedans' }, () => null)
  expect(spans('outer outer inner part')).toEqual([{ text: 'dehors dehors dedans', isEnglish: false }])
})
