// s = s · factor + term, sizes.steps times, for eight independent vectors: multiply-adds and nothing else.
// y vec4 [count]: the sum of the eight, so that none of it can be left out; as many multiply-adds as 32 · sizes.steps each.
// One invocation computes one vector of y; a workgroup computes 64. No workgroup memory.
// With factor 0.5 and term 0.75 every s goes from its start to 1.5: after n steps 1.5 + (start - 1.5) / 2^n.
// Source: none; what a device can do at best, for plume bench.
//#include grid
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = invocation(id, groups);
  if (i >= sizes.count) { return; }
  let factor = vec4<f32>(sizes.factor);
  let term = vec4<f32>(sizes.term);
  var a = vec4<f32>(f32(i & 3u));
  var b = a + 1.0;
  var c = a + 2.0;
  var d = a + 3.0;
  var e = a + 4.0;
  var f = a + 5.0;
  var g = a + 6.0;
  var h = a + 7.0;
  for (var step = 0u; step < sizes.steps; step++) {
    a = fma(a, factor, term);
    b = fma(b, factor, term);
    c = fma(c, factor, term);
    d = fma(d, factor, term);
    e = fma(e, factor, term);
    f = fma(f, factor, term);
    g = fma(g, factor, term);
    h = fma(h, factor, term);
  }
  y[i] = a + b + c + d + e + f + g + h;
}
