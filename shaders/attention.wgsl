// y[b, h, i] = Σ_j softmax_j(score(q[b, h, i], k[b, h', j])) · v[b, h', j], h' = ⌊h · key_heads / heads⌋; no score is stored.
// q [batch, heads, queries, size], k and v [batch, key_heads, keys, size and values], y as q with values: by strides of batch,
// head and row. One invocation computes four rows of y, eight keys at a time, a workgroup 256; y holds the sums meanwhile.
// No workgroup memory: for software adapters. Rows that may see nothing are 0.
// Source: M. Milakov and N. Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867v2, algorithm 3.
//#include grid
//#include attention-scores
//#slot reads

fn query_block(start: u32, i: u32, d: u32) -> mat4x4<f32> {
  let last = sizes.queries - 1u;
  return mat4x4<f32>(
    query4(start + i * sizes.query_row, d),
    query4(start + min(i + 1u, last) * sizes.query_row, d),
    query4(start + min(i + 2u, last) * sizes.query_row, d),
    query4(start + min(i + 3u, last) * sizes.query_row, d),
  );
}

fn key_block(start: u32, j: u32, d: u32) -> mat4x4<f32> {
  let last = sizes.keys - 1u;
  return mat4x4<f32>(
    key4(start + min(j, last) * sizes.key_row, d),
    key4(start + min(j + 1u, last) * sizes.key_row, d),
    key4(start + min(j + 2u, last) * sizes.key_row, d),
    key4(start + min(j + 3u, last) * sizes.key_row, d),
  );
}

fn value_row(start: u32, j: u32, e: u32) -> vec4<f32> {
  let found = value4(start + min(j, sizes.keys - 1u) * sizes.value_row, e);
  return select(vec4<f32>(), found, j < sizes.keys);
}

fn value_block(start: u32, j: u32, e: u32) -> mat4x4<f32> {
  return mat4x4<f32>(
    value_row(start, j, e),
    value_row(start, j + 1u, e),
    value_row(start, j + 2u, e),
    value_row(start, j + 3u, e),
  );
}

// What four queries know of the keys so far: the largest score and Σ e^(score − most).
struct Seen {
  most: vec4<f32>,
  total: vec4<f32>,
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let task = invocation(id, groups);
  if (task >= sizes.count) { return; }
  let across = (sizes.queries + 3u) / 4u;
  let i = task % across * 4u;
  let h = (task / across) % sizes.heads;
  let b = task / (across * sizes.heads);
  let source = h * sizes.key_heads / sizes.heads;
  let query_start = b * sizes.query_batch + h * sizes.query_head;
  let key_start = b * sizes.key_batch + source * sizes.key_head;
  let value_start = b * sizes.value_batch + source * sizes.value_head;
  let y_start = b * sizes.y_batch + h * sizes.y_head;
  let cache = cache_of(b);
  let rows = min(4u, sizes.queries - i);
  var seen = Seen(vec4<f32>(-math_infinity()), vec4<f32>());
  for (var j = 0u; j < sizes.keys; j += 8u) {
    // columns are queries, lanes keys
    var near = mat4x4<f32>();
    var far = mat4x4<f32>();
    for (var d = 0u; d < sizes.size; d += 4u) {
      let query = query_block(query_start, i, d);
      near += transpose(key_block(key_start, j, d)) * query;
      far += transpose(key_block(key_start, j + 4u, d)) * query;
    }
    var scores = array(near, far);
    var factors = vec4<f32>();
    for (var r = 0u; r < rows; r++) {
      var most = seen.most[r];
      for (var t = 0u; t < 8u; t++) {
        let s = score(cache, vec4<u32>(b, h, i + r, j + t), scores[t / 4u][r][t % 4u]);
        scores[t / 4u][r][t % 4u] = s;
        most = math_max(most, s);
      }
      factors[r] = weight(seen.most[r], most);
      var total = seen.total[r] * factors[r];
      for (var t = 0u; t < 8u; t++) {
        let w = weight(scores[t / 4u][r][t % 4u], most);
        scores[t / 4u][r][t % 4u] = w;
        total += w;
      }
      seen.most[r] = most;
      seen.total[r] = total;
    }
    for (var e = 0u; e < sizes.values; e += 4u) {
      var sums = value_block(value_start, j, e) * scores[0] + value_block(value_start, j + 4u, e) * scores[1];
      for (var r = 0u; r < rows; r++) {
        let at = y_start + (i + r) * sizes.y_row;
        // what lies in y before the first keys may be anything
        if (j > 0u) { sums[r] += factors[r] * result4(at, e); }
        put4(at, e, sums[r]);
      }
    }
  }
  for (var r = 0u; r < rows; r++) {
    let at = y_start + (i + r) * sizes.y_row;
    let is_blind = is_blocked(seen.most[r]);
    for (var e = 0u; e < sizes.values; e += 4u) {
      put4(at, e, select(result4(at, e) / seen.total[r], vec4<f32>(), is_blind));
    }
  }
}
