import { constant, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const step = (value: number) => constant(i64([], [value]))
const window = f32([4], [0.25, 1, 0.75, 0.5])

export const cases: readonly OperatorCase[] = [
  { name: 'a window', operator: 'STFT', inputs: [wave([2, 9, 1]), step(2), window] },
  {
    name: 'a constant window and a length',
    operator: 'STFT',
    inputs: [wave([1, 8, 1]), step(3), constant(window), step(4)],
  },
  { name: 'no window', operator: 'STFT', inputs: [wave([1, 8, 1]), step(1), null, step(5)] },
  {
    name: 'complex numbers',
    operator: 'STFT',
    attributes: { onesided: 0 },
    inputs: [wave([1, 7, 2]), step(2), constant(window)],
    // onnxruntime 1.30 weighs complex frames wrongly; numpy.fft.fft of both frames
    expected: [
      f32(
        [1, 2, 4, 2],
        [
          0.7010164, 0.3149957, -2.4855778, -1.6516134, 2.1744087, 4.9654117, 0.11015272, -0.63763213, 0.26106587,
          0.7928513, -2.6619518, -0.19239426, 4.630933, 2.7200346, -0.47976372, -0.7972739,
        ],
      ),
    ],
  },
  {
    name: 'both sides of real numbers',
    operator: 'STFT',
    attributes: { onesided: 0 },
    inputs: [wave([1, 6, 1]), step(2), window],
  },
  {
    name: 'one-sided of complex numbers',
    operator: 'STFT',
    inputs: [wave([1, 7, 2]), step(2), window],
    error: { name: 'ShapeError', message: 'onesided needs real numbers' },
  },
  {
    name: 'a frame beyond the signal',
    operator: 'STFT',
    inputs: [wave([1, 3, 1]), step(2), window],
    error: { name: 'ShapeError', message: /the frame length 4 must lie in \[1, 3\]/ },
  },
  {
    name: 'a window of another length',
    operator: 'STFT',
    inputs: [wave([1, 9, 1]), step(2), window, step(5)],
    error: { name: 'ShapeError', message: 'the window has 4 weights for frames of 5' },
  },
  {
    name: 'no step',
    operator: 'STFT',
    inputs: [wave([1, 9, 1]), step(0), window],
    error: { name: 'ShapeError', message: 'frame_step must be at least 1, not 0' },
  },
]
