//! Layers, against the functions that they are made of.

use allocation_counter::measure;
use kernels_nn::layers::*;
use kernels_nn::*;
use kernels_testing::{Random, each_isa};

const DIM: usize = 12;
const HEADS: usize = 3;
const MLP_DIM: usize = 20;

/// A linear layer's weights.
struct Weights {
    weight: Vec<f32>,
    bias: Vec<f32>,
    in_dim: usize,
}

impl Weights {
    fn new(random: &mut Random, in_dim: usize, out_dim: usize) -> Self {
        Self { weight: random.uniform(out_dim * in_dim), bias: random.uniform(out_dim), in_dim }
    }

    fn layer(&self, isa: Isa, bits: Option<WeightBits>) -> Linear {
        let Self { weight, bias, in_dim } = self;
        match bits {
            None => Linear::new_on(isa, weight, Some(bias), *in_dim).unwrap(),
            Some(bits) => {
                let weight = Int8Matrix::from_transposed_on(isa, weight, bias.len(), *in_dim, bits).unwrap();
                Linear::with_weights(weight, Some(bias)).unwrap()
            }
        }
    }

    fn run(&self, x: &[f32]) -> Vec<f32> {
        let (tokens, out_dim) = (x.len() / self.in_dim, self.bias.len());
        let mut out = gemm_bt(x, &self.weight, tokens, self.in_dim, out_dim).unwrap();
        out.iter_mut().zip(self.bias.iter().cycle()).for_each(|(out, bias)| *out += bias);
        out
    }
}

/// All weights of an encoder layer.
struct Encoder {
    /// Query, key, value, output; and of the perceptron.
    linear: [Weights; 4],
    mlp: [Weights; 2],
    norms: [[Vec<f32>; 2]; 2],
    /// Of the layers' weights, if they are not `f32`.
    bits: Option<WeightBits>,
}

impl Encoder {
    /// With one head of keys and values for each of queries, or fewer.
    fn new(random: &mut Random, kv_heads: usize) -> Self {
        let kv_dim = DIM / HEADS * kv_heads;
        Self {
            linear: [DIM, kv_dim, kv_dim, DIM].map(|dim| Weights::new(random, DIM, dim)),
            mlp: [(DIM, MLP_DIM), (MLP_DIM, DIM)].map(|(from, to)| Weights::new(random, from, to)),
            norms: [(); 2].map(|()| [(); 2].map(|()| random.uniform(DIM))),
            bits: None,
        }
    }

    fn attention(&self, isa: Isa) -> Attention {
        Attention::new([0, 1, 2, 3].map(|i| self.linear[i].layer(isa, self.bits)), HEADS).unwrap()
    }

    fn mlp(&self, isa: Isa) -> Mlp {
        let [up, down] = [0, 1].map(|i| self.mlp[i].layer(isa, self.bits));
        Mlp::new(up.activation(Activation::Gelu), down).unwrap()
    }

    fn layer(&self, isa: Isa, causal: bool, order: NormOrder) -> EncoderLayer {
        let [a, b] = [0, 1].map(|i| LayerNorm::new(&self.norms[i][0], &self.norms[i][1], 1e-5).unwrap());
        let attention = self.attention(isa);
        let attention = if causal { attention.causal() } else { attention };
        EncoderLayer::new(attention, a, self.mlp(isa), b, order).unwrap()
    }

    fn run_attention(&self, x: &[f32], offsets: &[usize], causal: bool) -> Vec<f32> {
        let [q, k, v] = [0, 1, 2].map(|i| self.linear[i].run(x));
        let head_dim = DIM / HEADS;
        let kv_heads = self.linear[1].bias.len() / head_dim;
        let attention = ScaledDotProduct::ragged(offsets, offsets, HEADS, kv_heads, head_dim).unwrap();
        let attention = if causal { attention.causal() } else { attention };
        self.linear[3].run(&attention.run(&q, &k, &v).unwrap())
    }

    fn run_mlp(&self, x: &[f32]) -> Vec<f32> {
        self.mlp[1].run(&gelu(&self.mlp[0].run(x)).unwrap())
    }

    fn norm(&self, i: usize, x: &[f32]) -> Vec<f32> {
        layer_norm(x, &self.norms[i][0], &self.norms[i][1], 1e-5).unwrap()
    }

    fn run(&self, x: &[f32], offsets: &[usize], causal: bool, order: NormOrder) -> Vec<f32> {
        match order {
            NormOrder::Post => {
                let h = self.norm(0, &add(x, &self.run_attention(x, offsets, causal)));
                self.norm(1, &add(&h, &self.run_mlp(&h)))
            }
            NormOrder::Pre => {
                let h = add(x, &self.run_attention(&self.norm(0, x), offsets, causal));
                add(&h, &self.run_mlp(&self.norm(1, &h)))
            }
        }
    }
}

fn add(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

#[track_caller]
fn assert_close(got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= 2e-5 * (1.0 + want.abs()), "{got}, expected {want}");
    }
}

fn scratch() -> Scratch {
    Scratch::with_limit(1 << 20)
}

#[test]
fn layers_are_made_of_their_functions() {
    let mut random = Random::new(1);
    let offsets = [0, 2, 2, 7];
    for (kv_heads, causal) in [(1, true), (3, false)].into_iter().take(if cfg!(miri) { 1 } else { 2 }) {
        let encoder = Encoder::new(&mut random, kv_heads);
        let x = random.uniform(7 * DIM);
        each_isa("layers", |isa| {
            let mut out = vec![0.0; 7 * DIM];
            encoder.mlp(isa).forward_into(&x, &mut out, &mut scratch()).unwrap();
            assert_close(&out, &encoder.run_mlp(&x));
            encoder.attention(isa).forward_into(&x, &offsets, &mut out, &mut scratch()).unwrap();
            assert_close(&out, &encoder.run_attention(&x, &offsets, false));
            for order in [NormOrder::Post, NormOrder::Pre] {
                let layer = encoder.layer(isa, causal, order);
                layer.forward_into(&x, &offsets, &mut out, &mut scratch()).unwrap();
                assert_close(&out, &encoder.run(&x, &offsets, causal, order));
            }
        });
    }
}

#[test]
#[cfg_attr(miri, ignore = "other values of what others run")]
fn parts_of_a_batch_are_what_they_are_alone() {
    let mut random = Random::new(2);
    let layer = Encoder::new(&mut random, 3).layer(Isa::active().unwrap(), false, NormOrder::Post);
    let x = random.uniform(9 * DIM);
    let run = |x: &[f32], offsets: &[usize]| {
        let mut out = vec![0.0; x.len()];
        layer.forward_into(x, offsets, &mut out, &mut scratch()).unwrap();
        out
    };
    let (both, at) = (run(&x, &[0, 4, 9]), 4 * DIM);
    assert_close(&both[..at], &run(&x[..at], &[0, 4]));
    assert_close(&both[at..], &run(&x[at..], &[0, 5]));
}

#[test]
#[cfg_attr(miri, ignore = "counts what the allocator does")]
fn what_they_take_is_what_they_say() {
    let mut random = Random::new(3);
    let mut encoder = Encoder::new(&mut random, 1);
    let x = random.uniform(30 * DIM);
    let mut out = vec![0.0; x.len()];
    let isa = Isa::active().unwrap();
    let orders = [NormOrder::Post, NormOrder::Pre];
    for (order, bits) in
        orders.into_iter().flat_map(|order| [None, Some(WeightBits::Eight)].map(|bits| (order, bits)))
    {
        encoder.bits = bits;
        let layer = encoder.layer(isa, false, order);
        let needed = layer.scratch_bytes(30);
        let mut scratch = Scratch::with_limit(needed);
        layer.forward_into(&x, &[0, 30], &mut out, &mut scratch).unwrap();
        assert_eq!(scratch.stats().high_water, needed);
        let counted = measure(|| layer.forward_into(&x, &[0, 30], &mut out, &mut scratch).unwrap());
        assert_eq!(counted.count_total, 0);
        let before = out.clone();
        let error = layer.forward_into(&x, &[0, 30], &mut out, &mut Scratch::with_limit(needed - 64));
        assert!(matches!(error, Err(Error::Scratch(ScratchError::OverLimit { .. }))));
        assert_eq!(out, before);
    }
}

#[test]
#[cfg_attr(miri, ignore = "slow there, and runs no other code than the tests of its parts")]
fn weights_in_fewer_bits_multiply_as_their_matrices_do() {
    let mut random = Random::new(4);
    let x = random.uniform(3 * DIM);
    let Weights { weight, bias, .. } = Weights::new(&mut random, DIM, MLP_DIM);
    each_isa("linear_weights", |isa| {
        let half = HalfMatrix::from_transposed_on(isa, &weight, MLP_DIM, DIM, HalfFormat::Bf16).unwrap();
        let int4 =
            Int4Matrix::from_transposed_on(isa, &weight, MLP_DIM, DIM, Int4Groups::symmetric(4)).unwrap();
        let int8 = Int8Matrix::from_transposed_on(isa, &weight, MLP_DIM, DIM, WeightBits::Eight).unwrap();
        let want = [
            Gemm::new(&half).bias(&bias).activation(Activation::Gelu).run(&x, 3).unwrap(),
            Gemm::new(&int4).bias(&bias).activation(Activation::Gelu).run(&x, 3).unwrap(),
            Int8Gemm::new(&int8).bias(&bias).activation(Activation::Gelu).run(&x, 3).unwrap(),
        ];
        let bytes = [half.bytes(), int4.bytes(), int8.bytes()];
        let layers: [LinearWeights; 3] = [half.into(), int4.into(), int8.into()];
        for ((layer, want), bytes) in layers.into_iter().zip(want).zip(bytes) {
            let layer = Linear::with_weights(layer, Some(&bias)).unwrap().activation(Activation::Gelu);
            assert_eq!(
                (layer.in_dim(), layer.out_dim(), layer.isa(), layer.bytes()),
                (DIM, MLP_DIM, isa, bytes)
            );
            let mut out = vec![0.0; 3 * MLP_DIM];
            let mut scratch = Scratch::with_limit(layer.scratch_bytes(3));
            layer.forward_into(&x, &mut out, &mut scratch).unwrap();
            assert_eq!(out, want, "{isa}");
        }
    });
    let int8 = |weight: &[f32], bias, in_dim| {
        message(Linear::int8(weight, bias, in_dim, WeightBits::Seven).map(drop))
    };
    assert_eq!(int8(&[0.0; 5], None, 2), "weight: expected whole rows of 2 values, got 5 values");
    assert_eq!(int8(&[0.0; 4], Some(&[0.0]), 2), "bias: expected a length of 2, got 1");
    assert_eq!(int8(&[0.0, f32::NAN], None, 2), "weight[1]: expected a finite number, got NaN");
    assert_eq!(int8(&[0.0; 65_537], None, 65_537), "in_dim: expected 1 to 65536, got 65537");
    let int8 = Int8Matrix::new(&weight, DIM, MLP_DIM, WeightBits::Eight).unwrap();
    let error = Linear::with_weights(int8, Some(&bias[1..])).unwrap_err();
    assert_eq!(error.to_string(), "bias: expected a length of 20, got 19");
}

#[test]
#[cfg_attr(miri, ignore = "packs large weights")]
fn an_encoder_of_384_runs_within_25_mb() {
    let linear = |from: usize, to: usize| Linear::new(&vec![0.0; from * to], None, from).unwrap();
    let norm = || LayerNorm::new(&[1.0; 384], &[0.0; 384], 1e-12).unwrap();
    let attention = Attention::new([(); 4].map(|()| linear(384, 384)), 12).unwrap();
    let mlp = Mlp::new(linear(384, 1536), linear(1536, 384)).unwrap();
    let layer = EncoderLayer::new(attention, norm(), mlp, norm(), NormOrder::Post).unwrap();
    // With the rows that six such layers pass on.
    assert!(layer.scratch_bytes(8 * 128) + 2 * 4 * 8 * 128 * 384 <= 25_000_000);
}

#[track_caller]
fn message(error: Result<(), Error>) -> String {
    error.unwrap_err().to_string()
}

#[test]
fn bad_parts_and_arguments_are_named_and_nothing_is_written() {
    let linear = |from: usize, to: usize| Linear::new(&vec![0.0; from * to], None, from).unwrap();
    assert_eq!(
        message(Linear::new(&[0.0; 5], None, 2).map(drop)),
        "weight: expected whole rows of 2 values, got 5 values"
    );
    assert_eq!(
        message(Linear::new(&[0.0; 4], Some(&[0.0]), 2).map(drop)),
        "bias: expected a length of 2, got 1"
    );
    assert_eq!(
        message(Mlp::new(linear(2, 3), linear(4, 2)).map(drop)),
        "down: expected a length of 3, got 4"
    );
    let attention = |dims: [(usize, usize); 4], heads| {
        message(Attention::new(dims.map(|(from, to)| linear(from, to)), heads).map(drop))
    };
    assert_eq!(attention([(4, 4); 4], 0), "heads: expected at least 1, got 0");
    assert_eq!(attention([(4, 4); 4], 3), "query: expected a multiple of 3, got 4");
    assert_eq!(attention([(4, 4), (4, 3), (4, 3), (4, 4)], 2), "key: expected a multiple of 2, got 3");
    assert_eq!(attention([(4, 6), (4, 4), (4, 4), (6, 4)], 3), "heads: expected a multiple of 2, got 3");
    assert_eq!(attention([(4, 4), (4, 4), (4, 2), (4, 4)], 2), "value: expected a length of 4, got 2");
    assert_eq!(attention([(4, 4), (4, 4), (4, 4), (2, 4)], 2), "output: expected a length of 4, got 2");
    let norm = |dim: usize| LayerNorm::new(&vec![1.0; dim], &vec![0.0; dim], 1e-5).unwrap();
    let four = Attention::new([(); 4].map(|()| linear(4, 4)), 2).unwrap();
    let mlp = Mlp::new(linear(4, 8), linear(8, 4)).unwrap();
    let encoder = |norms: [usize; 2]| {
        EncoderLayer::new(four.clone(), norm(norms[0]), mlp.clone(), norm(norms[1]), NormOrder::Pre)
    };
    assert_eq!(message(encoder([3, 4]).map(drop)), "attention_norm: expected a length of 4, got 3");
    assert_eq!(message(encoder([4, 3]).map(drop)), "mlp_norm: expected a length of 4, got 3");
    let layer = encoder([4, 4]).unwrap();
    let mut out = [7.0; 12];
    let mut check = |x: &[f32], offsets: &[usize], len: usize, want: &str| {
        assert_eq!(message(layer.forward_into(x, offsets, &mut out[..len], &mut scratch())), want);
        assert_eq!(message(four.forward_into(x, offsets, &mut out[..len], &mut scratch())), want);
        assert_eq!(out, [7.0; 12]);
    };
    check(&[0.0; 11], &[0, 3], 12, "x: expected whole rows of 4 values, got 11 values");
    check(&[0.0; 12], &[0, 3], 11, "out: expected a length of 12, got 11");
    check(&[0.0; 12], &[0, 2], 12, "offsets: expected a length of 3, got 2");
    check(&[0.0; 12], &[1, 3], 12, "offsets: expected 0 to 0, got 1");
    let mut norms = [7.0; 4];
    assert_eq!(
        message(norm(4).forward_into(&[0.0; 5], &mut norms, &mut scratch())),
        "x: expected whole rows of 4 values, got 5 values"
    );
    assert_eq!(norms, [7.0; 4]);
}
