import { describe, expect, it } from 'vitest'
import { FormatError, RuntimeFailure } from '../core/errors'
import { describeFailure as describeError } from './failure'
import { current } from './text'

/** With its pieces as one text; what stays English in brackets. */
function describeFailure(error: unknown, file: string) {
  const { title, what, where, todo, details } = describeError(error, file)
  const join = (spans: typeof what) => spans.map(({ text, isEnglish }) => (isEnglish ? `[${text}]` : text)).join('')
  return { title, what: join(what), where, todo: join(todo), details }
}

describe('describeFailure', () => {
  it('shows problem, place and advice of a FormatError apart', () => {
    const error = new FormatError('a tensor of 1204 bytes was promised, 77 are left', { file: 'a.onnx', offset: 20011 })
    expect(describeFailure(error, 'a.onnx')).toMatchObject({
      title: 'This file cannot be read',
      what: 'a tensor of 1204 bytes was promised, 77 are left.',
      where: 'a.onnx, byte 20,011',
      todo: 'The file may be damaged or incomplete; fetch it again.',
    })
  })

  it('keeps the advice that the error brings', () => {
    const error = new FormatError('its weights are in "w.bin", which is missing', {
      file: 'a.onnx',
      hint: 'Drop both.',
    })
    const failure = describeFailure(error, 'a.onnx')
    expect(failure).toMatchObject({
      what: 'its weights are in "w.bin", which is missing.',
      where: 'a.onnx',
      todo: 'Drop both.',
    })
  })

  it('names the node that onnxruntime blames', () => {
    const failure = describeFailure(new RuntimeFailure('not a registered function', 'pre_7'), 'b.onnx')
    expect(failure.where).toBe('b.onnx, node pre_7')
    expect(failure.title).toBe('ONNX Runtime refuses this model')
  })

  it('follows the language, also after it happened', async () => {
    const hint = 'Choose a file that was exported as ONNX (.onnx).'
    const error = new FormatError('this is not an ONNX model: the file is empty', { file: 'a.onnx', offset: 0, hint })
    const failure = describeError(error, 'a.onnx')
    expect(failure.title).toBe('This file cannot be read')
    await current.use('fr')
    expect(failure).toMatchObject({
      title: 'Ce fichier ne peut pas être lu',
      what: [{ text: 'ce n’est pas un modèle ONNX\u00a0: le fichier est vide.', isEnglish: false }],
      where: 'a.onnx, octet 0',
      todo: [{ text: 'Choisissez un fichier exporté en ONNX (.onnx).', isEnglish: false }],
      details: 'FormatError: a.onnx at byte 0: this is not an ONNX model: the file is empty. ' + hint,
    })
    expect(
      describeFailure(new RuntimeFailure('onnxruntime refused the model: no kernel for it.', 'n1'), 'b.onnx'),
    ).toMatchObject({
      what: 'onnxruntime a refusé le modèle\u00a0: «\u202f[no kernel for it.]\u202f»',
      where: 'b.onnx, nœud n1',
    })
    await current.use('en')
  })

  it('calls anything else a bug, with its stack for the report', () => {
    const failure = describeFailure(new TypeError('x is undefined'), 'c.onnx')
    expect(failure.title).toBe('Something went wrong in Plume')
    expect(failure.details).toContain('failure.test')
  })
})
