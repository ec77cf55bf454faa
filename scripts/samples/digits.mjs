import { seeded } from './random.mjs'

export const SIZE = 20
export const CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/**
 * How each digit may be written: strokes as points in a box of 1 × 1, y downwards. A stroke is a smooth curve through the
 * middles between its points; '!' before it keeps its corners.
 */
const SHAPES = [
  [
    [
      [
        [0.5, 0],
        [0.05, 0.1],
        [0.05, 0.9],
        [0.5, 1],
        [0.95, 0.9],
        [0.95, 0.1],
        [0.5, 0],
      ],
    ],
  ],
  [
    [['!', [0.5, 0], [0.5, 1]]],
    [['!', [0.25, 0.25], [0.55, 0], [0.55, 1]]],
    [
      ['!', [0.25, 0.25], [0.55, 0], [0.55, 1]],
      ['!', [0.25, 1], [0.85, 1]],
    ],
  ],
  [
    [
      [
        [0.1, 0.3],
        [0.15, 0],
        [0.9, -0.05],
        [0.9, 0.45],
        [0.35, 0.75],
        [0.05, 1],
      ],
      ['!', [0.05, 1], [0.95, 1]],
    ],
    [
      [
        [0.1, 0.2],
        [0.6, -0.2],
        [1, 0.35],
        [0.5, 0.8],
        [0.1, 1.05],
        [0.15, 0.75],
        [0.5, 0.9],
        [0.95, 1],
      ],
    ],
  ],
  [
    [
      [
        [0.1, 0.1],
        [0.9, -0.15],
        [0.95, 0.5],
        [0.4, 0.48],
      ],
      [
        [0.4, 0.48],
        [1, 0.45],
        [0.95, 1.1],
        [0.05, 0.9],
      ],
    ],
    [
      ['!', [0.1, 0], [0.85, 0], [0.45, 0.4]],
      [
        [0.45, 0.4],
        [0.95, 0.4],
        [1, 1.05],
        [0.05, 0.92],
      ],
    ],
  ],
  [
    [['!', [0.7, 1], [0.7, 0], [0.05, 0.68], [0.98, 0.68]]],
    [
      ['!', [0.2, 0], [0.12, 0.5], [0.9, 0.5]],
      ['!', [0.75, 0.1], [0.75, 1]],
    ],
  ],
  [
    [
      ['!', [0.9, 0], [0.2, 0], [0.15, 0.45]],
      [
        [0.15, 0.45],
        [0.9, 0.2],
        [1.05, 0.95],
        [0.4, 1.1],
        [0.05, 0.88],
      ],
    ],
    [
      ['!', [0.85, 0], [0.25, 0]],
      [
        [0.25, 0],
        [0.15, 0.5],
        [1.1, 0.35],
        [0.85, 1.05],
        [0.08, 0.95],
      ],
    ],
  ],
  [
    [
      [
        [0.8, 0.05],
        [0.2, 0.1],
        [0, 0.9],
        [0.5, 1.05],
        [1.05, 0.95],
        [0.85, 0.4],
        [0.1, 0.6],
      ],
    ],
    [
      [
        [0.65, 0],
        [0.1, 0.5],
        [0.1, 1.05],
        [0.95, 1.1],
        [0.9, 0.5],
        [0.4, 0.45],
        [0.12, 0.72],
      ],
    ],
  ],
  [
    [['!', [0.05, 0], [0.95, 0], [0.4, 1]]],
    [
      ['!', [0.05, 0], [0.95, 0], [0.4, 1]],
      ['!', [0.35, 0.5], [0.85, 0.5]],
    ],
    [
      ['!', [0.1, 0.18], [0.1, 0], [0.95, 0]],
      [
        [0.95, 0],
        [0.6, 0.45],
        [0.45, 1],
      ],
    ],
  ],
  [
    [
      [
        [0.5, 0.48],
        [0, 0.4],
        [0.15, -0.08],
        [0.85, -0.08],
        [1, 0.4],
        [0.5, 0.48],
      ],
      [
        [0.5, 0.48],
        [-0.08, 0.6],
        [0.1, 1.08],
        [0.9, 1.08],
        [1.08, 0.6],
        [0.5, 0.48],
      ],
    ],
    [
      [
        [0.85, 0.12],
        [0.3, -0.2],
        [0, 0.35],
        [0.9, 0.6],
        [1, 1.15],
        [0, 1.15],
        [0.05, 0.65],
        [0.95, 0.35],
        [0.8, 0.05],
      ],
    ],
  ],
  [
    [
      [
        [0.88, 0.3],
        [0.75, -0.1],
        [0.05, -0.05],
        [0.05, 0.6],
        [0.8, 0.6],
        [0.88, 0.25],
      ],
      ['!', [0.88, 0.25], [0.82, 1]],
    ],
    [
      [
        [0.9, 0.35],
        [0.6, -0.15],
        [0, 0.05],
        [0.1, 0.6],
        [0.7, 0.6],
        [0.92, 0.15],
        [0.95, 0.9],
        [0.5, 1.08],
        [0.15, 0.95],
      ],
    ],
  ],
]

const STEPS = 8

/** A quadratic curve from a to b, drawn to c. */
const curve = (a, c, b) =>
  Array.from({ length: STEPS }, (_, i) => {
    const t = (i + 1) / STEPS
    return [0, 1].map((axis) => (1 - t) * (1 - t) * a[axis] + 2 * t * (1 - t) * c[axis] + t * t * b[axis])
  })

/** Points of the line that a stroke is. */
function lineOf([head, ...rest], wobble) {
  const isStraight = head === '!'
  const points = (isStraight ? rest : [head, ...rest]).map(wobble)
  if (isStraight) return points
  const middle = (i) => [0, 1].map((axis) => (points[i][axis] + points[i + 1][axis]) / 2)
  const line = [points[0]]
  for (let i = 1; i < points.length - 1; i++) {
    const end = i === points.length - 2 ? points[i + 1] : middle(i)
    line.push(...curve(line[line.length - 1], points[i], end))
  }
  return line
}

/** The square of how far a point is from a piece of a line. */
function distance2([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return (x - ax - t * dx) * (x - ax - t * dx) + (y - ay - t * dy) * (y - ay - t * dy)
}

/** Turned, leant, stretched, moved and shaken; of any pen, on paper that is not clean. Pixels have 16 levels. */
function draw(shape, random) {
  const half = random.between(-0.2, 0.2)
  // cosine and sine of twice the angle whose tangent is `half`
  const [cosine, sine] = [(1 - half * half) / (1 + half * half), (2 * half) / (1 + half * half)]
  const lean = random.between(-0.25, 0.25)
  const [width, height] = [random.between(0.42, 0.66) * SIZE, random.between(0.5, 0.82) * SIZE]
  const [left, top] = [SIZE, SIZE].map((size) => size / 2 + random.between(-0.06, 0.06) * SIZE)
  const shake = random.between(0, 0.13)
  const place = ([x, y]) => {
    const [u, v] = [(x - 0.5) * width - lean * (y - 0.5) * height, (y - 0.5) * height]
    return [left + cosine * u - sine * v, top + sine * u + cosine * v]
  }
  const wobble = ([x, y]) => place([x + random.between(-shake, shake), y + random.between(-shake, shake)])
  const lines = shape.map((stroke) => lineOf(stroke, wobble))
  const pen = random.between(0.6, 1.5)
  const ink = random.between(0.7, 1)
  const dirt = random.between(0, 0.2)
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const at = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5]
    let nearest = Infinity
    for (const line of lines)
      for (let k = 1; k < line.length; k++) nearest = Math.min(nearest, distance2(at, line[k - 1], line[k]))
    const level = ink * Math.min(1, Math.max(0, pen + 0.5 - Math.sqrt(nearest)))
    const noise = random.uniform() < dirt ? random.between(0, 0.5) : 0
    return Math.round(Math.min(1, level + noise) * 15) / 15
  })
}

/** `count` labelled pictures, digits in random order. */
export function makeDigits(count, seed) {
  const random = seeded(seed)
  const pictures = []
  const labels = []
  for (let i = 0; i < count; i++) {
    const label = random.below(CLASSES.length)
    const shapes = SHAPES[label]
    labels.push(label)
    pictures.push(draw(shapes[random.below(shapes.length)], random))
  }
  return { pictures, labels }
}
