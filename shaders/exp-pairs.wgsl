// combine((m, s), (n, t)) = (max, s · e^(m − max) + t · e^(n − max)): maxima and sums of exponentials of two sets.
// Equal maxima may be infinite, whose difference is NaN. Pure function of one invocation, no workgroup memory.
// Source: M. Milakov and N. Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867, section 3.1.
fn combine(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let smaller = select(math_exp(-abs(a.x - b.x)), 1.0, a.x == b.x);
  return select(vec2<f32>(a.x, a.y + b.y * smaller), vec2<f32>(b.x, b.y + a.y * smaller), b.x > a.x);
}
