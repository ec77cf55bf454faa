// y[b, h, i] = Σ_j softmax_j(score(q[b, h, i], k[b, h', j])) · v[b, h', j], h' = ⌊h · key_heads / heads⌋; no score is stored.
// q [batch, heads, queries, size], k and v [batch, key_heads, keys, size and values], y as q with values: by strides of batch,
// head and row. One workgroup of 64 computes four rows of y, 64 keys at a time: one invocation one key's scores, then every
// 64th column of the values (at most 256). Workgroup memory: 2 KB. Rows that may see nothing are 0.
// Source: T. Dao et al., "FlashAttention", arXiv:2205.14135v2, algorithm 1.
//#include attention-scores
//#slot reads

var<workgroup> scores: array<vec4<f32>, 64>;
var<workgroup> weights: array<vec4<f32>, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let task = group.x + group.y * groups.x;
  if (task >= sizes.tasks) { return; }
  let across = (sizes.queries + 3u) / 4u;
  let i = task % across * 4u;
  let h = (task / across) % sizes.heads;
  let b = task / (across * sizes.heads);
  let source = h * sizes.key_heads / sizes.heads;
  let key_start = b * sizes.key_batch + source * sizes.key_head;
  let value_start = b * sizes.value_batch + source * sizes.value_head;
  let rows = min(vec4<u32>(i, i + 1u, i + 2u, i + 3u), vec4<u32>(sizes.queries - 1u));
  let queries = b * sizes.query_batch + h * sizes.query_head + rows * sizes.query_row;
  let cache = cache_of(b);
  var most = vec4<f32>(-math_infinity());
  var total = vec4<f32>();
  // lanes are queries
  var y0 = vec4<f32>();
  var y1 = vec4<f32>();
  var y2 = vec4<f32>();
  var y3 = vec4<f32>();
  for (var first = 0u; first < sizes.keys; first += 64u) {
    let j = first + local;
    let key = key_start + min(j, sizes.keys - 1u) * sizes.key_row;
    var products = vec4<f32>();
    for (var d = 0u; d < sizes.size; d += 4u) {
      let k = key4(key, d);
      products += vec4<f32>(
        dot(query4(queries.x, d), k),
        dot(query4(queries.y, d), k),
        dot(query4(queries.z, d), k),
        dot(query4(queries.w, d), k),
      );
    }
    var own = vec4<f32>();
    for (var r = 0u; r < 4u; r++) { own[r] = score(cache, vec4<u32>(b, h, rows[r], j), products[r]); }
    scores[local] = own;
    workgroupBarrier();
    var next = most;
    for (var t = 0u; t < 64u; t++) {
      let s = scores[t];
      for (var r = 0u; r < 4u; r++) { next[r] = math_max(next[r], s[r]); }
    }
    var factors = vec4<f32>();
    for (var r = 0u; r < 4u; r++) {
      factors[r] = weight(most[r], next[r]);
      own[r] = weight(own[r], next[r]);
    }
    weights[local] = own;
    most = next;
    total *= factors;
    y0 *= factors;
    y1 *= factors;
    y2 *= factors;
    y3 *= factors;
    workgroupBarrier();
    for (var t = 0u; t < min(64u, sizes.keys - first); t++) {
      let w = weights[t];
      let at = value_start + (first + t) * sizes.value_row;
      total += w;
      y0 += w * value1(at, local);
      if (sizes.values > 64u) { y1 += w * value1(at, local + 64u); }
      if (sizes.values > 128u) { y2 += w * value1(at, local + 128u); }
      if (sizes.values > 192u) { y3 += w * value1(at, local + 192u); }
    }
  }
  let is_blind = vec4<bool>(is_blocked(most.x), is_blocked(most.y), is_blocked(most.z), is_blocked(most.w));
  var results = array(y0, y1, y2, y3);
  for (var part = 0u; part < 4u; part++) {
    let e = local + 64u * part;
    let row = select(results[part] / total, vec4<f32>(), is_blind);
    for (var r = 0u; r < min(4u, sizes.queries - i); r++) {
      if (e < sizes.values) { y[b * sizes.y_batch + h * sizes.y_head + (i + r) * sizes.y_row + e] = row[r]; }
    }
  }
}
