//! Attention on every instruction set, against `f64`, in all its forms.

use kernels_nn::*;
use kernels_testing::{Guarded, Random, each_isa, reference::nn::attention::attend, small};

/// Sizes, and which keys are seen by text, head, query and key.
struct Case {
    shape: AttentionShape,
    value_dim: usize,
    scale: f64,
    seen: Box<dyn Fn(usize, usize, usize, usize) -> bool>,
    bias: Box<dyn Fn(usize, usize, usize, usize) -> f32>,
}

impl Case {
    fn new(shape: AttentionShape) -> Self {
        let scale = 1.0 / (shape.head_dim as f64).sqrt();
        Self {
            shape,
            value_dim: shape.head_dim,
            scale,
            seen: Box::new(|_, _, _, _| true),
            bias: Box::new(|_, _, _, _| 0.0),
        }
    }

    fn inputs(&self, random: &mut Random) -> [Vec<f32>; 3] {
        let AttentionShape { batch, heads, kv_heads, q_len, kv_len, head_dim } = self.shape;
        let keys = batch * kv_heads * kv_len;
        [
            random.uniform(batch * heads * q_len * head_dim).iter().map(|x| 3.0 * x).collect(),
            random.uniform(keys * head_dim),
            random.uniform(keys * self.value_dim),
        ]
    }

    /// That `got` is what `f64` makes of the inputs, within the stated bound.
    #[track_caller]
    fn check(&self, [q, k, v]: &[Vec<f32>; 3], got: &[f32], of: &str) {
        let AttentionShape { heads, kv_heads, q_len, kv_len, head_dim, .. } = self.shape;
        for (i, (query, got)) in q.chunks(head_dim).zip(got.chunks(self.value_dim)).enumerate() {
            let (text, head, position) = (i / q_len / heads, i / q_len % heads, i % q_len);
            let first = (text * kv_heads + head / (heads / kv_heads)) * kv_len;
            let rows = |x: &'_ Vec<f32>, dim: usize| -> Vec<Vec<f32>> {
                (first..first + kv_len).map(|key| x[key * dim..][..dim].to_vec()).collect()
            };
            let (keys, values) = (rows(k, head_dim), rows(v, self.value_dim));
            let seen: Vec<_> = (0..kv_len).map(|key| (self.seen)(text, head, position, key)).collect();
            let bias: Vec<f64> =
                (0..kv_len).map(|key| (self.bias)(text, head, position, key).into()).collect();

            let keys: Vec<&[f32]> = keys.iter().map(Vec::as_slice).collect();
            let values: Vec<&[f32]> = values.iter().map(Vec::as_slice).collect();
            let want = attend(query, &keys, &values, self.scale, &seen, &bias);
            let of_values =
                values.iter().zip(&seen).filter(|(_, seen)| **seen).flat_map(|(value, _)| value.iter());
            let largest = of_values.fold(0.0, |most, x| f64::max(most, x.abs().into()));
            // Products of at most 3, and the bias.
            let scores = (head_dim as f64 + 2.0) * 3.0 * head_dim as f64 * self.scale.abs() + 20.0;
            let bound = (2.0 * scores + kv_len as f64 / 4.0 + 40.0) / f64::from(1 << 24) * largest;
            for (got, want) in got.iter().zip(want) {
                let same = got.is_nan() && want.is_nan();
                assert!(
                    same || (f64::from(*got) - want).abs() <= bound,
                    "{of}, text {text}, head {head}, query {position}: {got}, expected {want} within {bound:e}"
                );
            }
        }
    }
}

fn shape(
    batch: usize,
    heads: usize,
    kv_heads: usize,
    q_len: usize,
    kv_len: usize,
    head_dim: usize,
) -> AttentionShape {
    AttentionShape { batch, heads, kv_heads, q_len, kv_len, head_dim }
}

/// Of every remainder of a tile, and round blocks of queries and of keys.
fn shapes() -> Vec<AttentionShape> {
    if cfg!(miri) {
        return vec![shape(1, 2, 1, 5, 9, 3)];
    }
    if small() {
        return vec![shape(2, 4, 2, 5, 9, 6), shape(1, 1, 1, 17, 67, 8)];
    }
    let mut shapes = vec![
        shape(2, 6, 2, 7, 5, 8),
        shape(1, 2, 2, 145, 64, 16),
        shape(1, 1, 1, 144, 65, 32),
        shape(1, 2, 1, 300, 130, 20),
        shape(3, 3, 1, 1, 200, 64),
    ];
    shapes.extend((1..=50).map(|len| shape(1, 2, 1, len, 1 + len * 7 % 71, 1 + len % 19)));
    shapes.extend((1..=70).map(|len| shape(1, 1, 1, 1 + len * 5 % 31, len, 1 + len % 13)));
    shapes
}

/// Runs a case on every set, with guards round the result.
#[track_caller]
fn run(case: &Case, attention: ScaledDotProduct<'_>, inputs: &[Vec<f32>; 3]) {
    let AttentionShape { batch, heads, q_len, .. } = case.shape;
    let [q, k, v] = inputs;
    let mut scratch = Scratch::with_limit(attention.scratch_bytes());
    each_isa("attention", |isa| {
        let mut out = Guarded::new(batch * heads * q_len * case.value_dim, q_len % 5, 7.0);
        attention.on(isa).run_into(q, k, v, out.middle(), &mut scratch).unwrap();
        case.check(inputs, out.check(), &format!("{isa}, {:?}", case.shape));
    });
}

#[test]
fn attention_is_within_its_bound() {
    let mut random = Random::new(1);
    for shape in shapes() {
        let mut case = Case::new(shape);
        let inputs = case.inputs(&mut random);
        let attention = ScaledDotProduct::new(shape).unwrap();
        run(&case, attention, &inputs);
        case.seen = Box::new(|_, _, query, key| key <= query);
        run(&case, attention.causal(), &inputs);
        case.seen = Box::new(|_, _, query, key| key + 3 >= query && key <= query + 2);
        run(&case, attention.window(3, 2), &inputs);
        // The last queries of a longer text.
        let first = shape.kv_len.saturating_sub(shape.q_len);
        case.seen = Box::new(move |_, _, query, key| key <= first + query && key + 40 >= first + query);
        run(&case, attention.window(40, 0).first_position(first), &inputs);
    }
}

#[test]
#[cfg_attr(miri, ignore = "other values of what others run")]
fn masks_and_biases_are_per_text_and_head() {
    let mut random = Random::new(2);
    for shape in
        [shape(2, 4, 2, 9, 11, 5), shape(2, 2, 1, 30, 70, 8)].into_iter().take(if small() { 1 } else { 2 })
    {
        let AttentionShape { batch, heads, q_len, kv_len, .. } = shape;
        let keys: Vec<bool> = (0..batch * kv_len).map(|_| random.below(3) > 0).collect();
        for (texts, of_heads) in [(1, 1), (batch, 1), (1, heads), (batch, heads)] {
            let len = texts * of_heads * q_len * kv_len;
            let mask: Vec<bool> = (0..len).map(|_| random.below(4) > 0).collect();
            let bias = random.uniform(len);
            let mut case = Case { value_dim: 7, scale: -0.5, ..Case::new(shape) };
            let inputs = case.inputs(&mut random);
            let at = move |text, head, query, key| {
                let (text, head) = (if texts == 1 { 0 } else { text }, if of_heads == 1 { 0 } else { head });
                ((text * of_heads + head) * q_len + query) * kv_len + key
            };
            let attention = ScaledDotProduct::new(shape).unwrap().scale(-0.5).value_dim(7).unwrap();
            let attention = attention.key_mask(&keys).unwrap().mask(&mask, texts, of_heads).unwrap();
            let attention = attention.bias(&bias, texts, of_heads).unwrap().causal();
            let (keys, mask, bias) = (keys.clone(), mask.clone(), bias.clone());
            case.seen = Box::new(move |text, head, query, key| {
                key <= query && keys[text * kv_len + key] && mask[at(text, head, query, key)]
            });
            case.bias = Box::new(move |text, head, query, key| bias[at(text, head, query, key)]);
            run(&case, attention, &inputs);
        }
    }
}

/// Text by text and head by head, what is ragged is what it is alone.
#[test]
#[cfg_attr(miri, ignore = "other values of what others run")]
fn ragged_texts_equal_padded_ones() {
    let mut random = Random::new(3);
    let (heads, kv_heads, dim) = (4, 2, 6);
    let (q_offsets, kv_offsets) = ([0, 3, 3, 20, 21], [0, 2, 7, 30, 30]);
    let (tokens, keys) = (21, 30);
    let q = random.uniform(tokens * heads * dim);
    let (k, v) = (random.uniform(keys * kv_heads * dim), random.uniform(keys * kv_heads * dim));
    let mask: Vec<bool> = (0..keys).map(|_| random.below(4) > 0).collect();
    each_isa("attention", |isa| {
        let ragged = ScaledDotProduct::ragged(&q_offsets, &kv_offsets, heads, kv_heads, dim).unwrap().on(isa);
        let got = ragged.causal().key_mask(&mask).unwrap().run(&q, &k, &v).unwrap();
        for text in 0..4 {
            let (queries, keys) =
                (q_offsets[text]..q_offsets[text + 1], kv_offsets[text]..kv_offsets[text + 1]);
            for head in 0..heads {
                let rows =
                    |x: &[f32], tokens: std::ops::Range<usize>, head: usize, heads: usize| -> Vec<f32> {
                        tokens.flat_map(|token| x[(token * heads + head) * dim..][..dim].to_vec()).collect()
                    };
                let got = rows(&got, queries.clone(), head, heads);
                if queries.is_empty() || keys.is_empty() {
                    assert!(got.iter().all(|x| *x == 0.0));
                    continue;
                }
                let alone = ScaledDotProduct::new(shape(1, 1, 1, queries.len(), keys.len(), dim)).unwrap();
                let alone = alone.on(isa).causal().key_mask(&mask[keys.clone()]).unwrap();
                let of_keys = |x: &[f32]| rows(x, keys.clone(), head / 2, kv_heads);
                let want =
                    alone.run(&rows(&q, queries.clone(), head, heads), &of_keys(&k), &of_keys(&v)).unwrap();
                assert_eq!(got, want);
            }
        }
    });
}

#[test]
#[cfg_attr(miri, ignore = "other values of what others run")]
fn what_is_hidden_has_no_effect() {
    let shape = shape(1, 2, 1, 20, 70, 6);
    let case = Case::new(shape);
    let [q, k, v] = case.inputs(&mut Random::new(4));
    let dim = shape.head_dim;
    each_isa("attention", |isa| {
        let attention = ScaledDotProduct::new(shape).unwrap().causal().on(isa);
        let clean = attention.run(&q, &k, &v).unwrap();
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            // Seen by the queries from 10 on.
            let mut value = v.clone();
            value[10 * dim + 2] = bad;
            let got = attention.run(&q, &k, &value).unwrap();
            for (i, (got, clean)) in got.iter().zip(&clean).enumerate() {
                let (query, dim) = (i / dim % 20, i % dim);
                if query >= 10 && dim == 2 {
                    assert!(!got.is_finite(), "{isa}: {bad} is in the value of query {query}");
                } else {
                    // The sums were added up in another order.
                    assert!((got - clean).abs() <= 1e-6, "{isa}, {bad}, query {query}: {got}, {clean}");
                }
            }
            let mut key = k.clone();
            key[10 * dim] = f32::NAN;
            let got = attention.run(&q, &key, &v).unwrap();
            for (i, (got, clean)) in got.iter().zip(&clean).enumerate() {
                let query = i / dim % 20;
                assert!(if query >= 10 { got.is_nan() } else { got == clean }, "{isa}, query {query}: {got}");
            }
            // Masked, it is as if it were not there.
            let mut mask = [true; 70];
            mask[10] = false;
            let masked = attention.key_mask(&mask).unwrap();
            assert_eq!(masked.run(&q, &key, &value).unwrap(), masked.run(&q, &k, &v).unwrap());
        }
        let none = [false; 70];
        let bad = vec![f32::NAN; k.len()];
        assert!(attention.key_mask(&none).unwrap().run(&q, &bad, &bad).unwrap().iter().all(|x| *x == 0.0));
    });
}

#[test]
fn working_memory_does_not_grow_with_the_texts() {
    let of = |len| ScaledDotProduct::new(shape(1, 12, 12, len, len, 32)).unwrap().scratch_bytes();
    assert_eq!(of(128), of(1 << 20));
    assert!(of(128) < 100_000);
}

#[test]
fn bad_arguments_are_named_and_nothing_is_written() {
    let good = shape(1, 2, 1, 3, 4, 2);
    let (q, k, v, mut out) = ([1.0; 12], [1.0; 8], [1.0; 8], [7.0; 12]);
    let message = |result: Result<ScaledDotProduct<'_>, Error>| result.unwrap_err().to_string();
    let new = |shape| message(ScaledDotProduct::new(shape));
    assert_eq!(new(AttentionShape { batch: 0, ..good }), "batch: expected at least 1, got 0");
    assert_eq!(new(AttentionShape { q_len: 0, ..good }), "q_len: expected at least 1, got 0");
    assert_eq!(new(AttentionShape { kv_len: 0, ..good }), "kv_len: expected at least 1, got 0");
    assert_eq!(new(AttentionShape { heads: 0, ..good }), "heads: expected at least 1, got 0");
    assert_eq!(new(AttentionShape { kv_heads: 0, ..good }), "kv_heads: expected at least 1, got 0");
    assert_eq!(new(AttentionShape { head_dim: 0, ..good }), "head_dim: expected at least 1, got 0");
    let heads = AttentionShape { heads: 3, kv_heads: 2, ..good };
    assert_eq!(new(heads), "heads: expected whole rows of 2 values, got 3 values");
    let large = AttentionShape { batch: usize::MAX, ..good };
    assert_eq!(new(large), "q: expected sizes that memory can hold, got a product or sum beyond it");
    let ragged = |q: &[usize], k: &[usize]| ScaledDotProduct::ragged(q, k, 1, 1, 1).unwrap_err().to_string();
    assert_eq!(ragged(&[], &[0]), "q_offsets: expected at least 1, got 0");
    assert_eq!(ragged(&[1], &[0]), "q_offsets: expected 0 to 0, got 1");
    assert_eq!(ragged(&[0, 3], &[0]), "kv_offsets: expected a length of 2, got 1");
    assert_eq!(ragged(&[0, 3, 2], &[0]), "q_offsets[2]: expected at least 3, as the one before, got 2");
    let attention = ScaledDotProduct::new(good).unwrap();
    assert_eq!(message(attention.key_mask(&[true; 3])), "key_mask: expected a length of 4, got 3");
    assert_eq!(message(attention.mask(&[true; 12], 1, 3)), "heads: expected 2 to 2, got 3");
    assert_eq!(message(attention.mask(&[true; 12], 2, 1)), "batches: expected 1 to 1, got 2");
    assert_eq!(message(attention.bias(&[0.0; 12], 1, 2)), "bias: expected a length of 24, got 12");
    assert_eq!(message(attention.value_dim(0)), "value_dim: expected at least 1, got 0");
    let offsets = [0, 3];
    let texts = ScaledDotProduct::ragged(&offsets, &offsets, 2, 1, 2).unwrap();
    assert_eq!(message(texts.mask(&[true; 9], 1, 1)), "mask: expected texts of one length, got ragged texts");
    let mut scratch = Scratch::with_limit(1 << 20);
    let mut check = |attention: &ScaledDotProduct<'_>,
                     [q, k, v]: [&[f32]; 3],
                     len: usize,
                     scratch: &mut Scratch,
                     want: &str| {
        let error = attention.run_into(q, k, v, &mut out[..len], scratch).unwrap_err();
        assert_eq!(error.to_string(), want);
        assert_eq!(out, [7.0; 12]);
    };
    check(&attention, [&q[1..], &k, &v], 12, &mut scratch, "q: expected a length of 12, got 11");
    check(&attention, [&q, &k[1..], &v], 12, &mut scratch, "k: expected a length of 8, got 7");
    check(&attention, [&q, &k, &v[1..]], 12, &mut scratch, "v: expected a length of 8, got 7");
    check(&attention, [&q, &k, &v], 11, &mut scratch, "out: expected a length of 12, got 11");
    let nan = attention.scale(f32::NAN);
    check(&nan, [&q, &k, &v], 12, &mut scratch, "scale: expected a finite number, got NaN");
    let needed = attention.scratch_bytes();
    let want = format!("scratch: expected at most 64 bytes, the limit; {needed} are needed");
    check(&attention, [&q, &k, &v], 12, &mut Scratch::with_limit(64), &want);
    let plain = kernels_nn::attention(&q[1..], &k, &v, good, false).unwrap_err().to_string();
    assert_eq!(plain, "q: expected a length of 12, got 11");
}
