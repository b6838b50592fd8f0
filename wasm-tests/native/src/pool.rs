//! Pooling of padded and of ragged texts, codes, comparisons, projections and long documents, of random inputs.

use crate::archive::Archive;
use anyhow::Result;
use kernels_pool::{self as kp, ChunkPooler, ChunkPooling, Pooler, Pooling, Projection, Ranges, Tokens};
use kernels_testing::Random;
use std::path::Path;

/// Texts, tokens of each with padding, dimensions: round numbers of lanes and not; some that pass into the wasm memory in
/// several pieces of 128 kB, and texts that are longer than one.
const SHAPES: [[usize; 3]; 9] = [
    [1, 1, 1],
    [3, 5, 7],
    [5, 9, 16],
    [2, 33, 31],
    [4, 20, 100],
    [40, 16, 384],
    [7, 12, 513],
    [2, 130, 1024],
    [3, 2, 600],
];

/// What padding holds: nothing of it may show.
const PADDING: [f32; 3] = [f32::NAN, f32::INFINITY, 1e30];

pub(crate) fn write(folder: &Path) -> Result<()> {
    let mut archive = Archive::default();
    let mut random = Random::new(11);
    for (i, shape) in SHAPES.into_iter().enumerate() {
        for (side, active) in MASKS {
            pool(&mut archive, &mut random, &format!("pool.{i} {side}"), shape, active)?;
        }
        ragged(&mut archive, &mut random, &format!("ragged.{i}"), shape)?;
    }
    for (i, (n, dim)) in [(1, 1), (5, 3), (9, 8), (20, 65), (300, 384)].into_iter().enumerate() {
        vectors(&mut archive, &mut random, &format!("vectors.{i}"), n, dim)?;
        projections(&mut archive, &mut random, &format!("projection.{i}"), n, dim)?;
        chunks(&mut archive, &mut random, &format!("chunks.{i}"), n, dim)?;
    }
    archive.write(&folder.join("native.safetensors"))
}

/// Whether token `t` of `seq` counts, in a text of `len` tokens.
type Active = fn(t: usize, seq: usize, len: usize) -> bool;

const MASKS: [(&str, Active); 3] = [
    ("right", |t, _, len| t < len),
    ("left", |t, seq, len| t >= seq - len),
    ("holes", |t, _, len| (t * 7 + len) % 5 > 1),
];

fn pool(
    archive: &mut Archive,
    random: &mut Random,
    name: &str,
    shape: [usize; 3],
    active: Active,
) -> Result<()> {
    let [batch, seq, hidden] = shape;
    let mut x = random.uniform(batch * seq * hidden);
    let mut mask = Vec::new();
    for _ in 0..batch {
        let len = random.below(seq + 1);
        mask.extend((0..seq).map(|t| u8::from(active(t, seq, len))));
    }
    for (i, (token, &active)) in x.chunks_exact_mut(hidden).zip(&mask).enumerate() {
        if active == 0 {
            token.fill(PADDING[i % PADDING.len()]);
        }
    }
    archive.i32(format!("{name}.shape"), &shape.map(|size| size as i32));
    archive.i32(format!("{name}.mask"), &signed(&mask));
    for pooling in Pooling::ALL {
        for (how, pooler) in poolers(pooling, hidden) {
            let out = pooler.pool(Tokens::masked(&x, &mask, batch, seq, hidden)?)?;
            archive.f32(format!("{name}.result.{pooling} {how}"), &out);
        }
    }
    archive.f32(format!("{name}.x"), &x);
    Ok(())
}

fn ragged(
    archive: &mut Archive,
    random: &mut Random,
    name: &str,
    [batch, seq, hidden]: [usize; 3],
) -> Result<()> {
    let lens: Vec<_> = (0..batch).map(|_| random.below(seq + 1)).collect();
    let x = random.uniform(lens.iter().sum::<usize>() * hidden);
    archive.i32(format!("{name}.hidden"), &[i32::try_from(hidden)?]);
    archive.i32(format!("{name}.lens"), &signed(&lens.iter().map(|&len| len as u32).collect::<Vec<_>>()));
    for pooling in Pooling::ALL {
        for (how, pooler) in poolers(pooling, hidden) {
            let out = pooler.pool(Tokens::ragged(&x, &lens, hidden)?)?;
            archive.f32(format!("{name}.result.{pooling} {how}"), &out);
        }
    }
    archive.f32(format!("{name}.x"), &x);
    Ok(())
}

/// As they are; and cut to half of the dimensions, and made ones of length 1.
fn poolers(pooling: Pooling, hidden: usize) -> [(String, Pooler); 2] {
    let k = hidden.div_ceil(2);
    [
        ("whole".to_owned(), Pooler::new(pooling)),
        (format!("cut {k}"), Pooler::new(pooling).truncated(k).normalized()),
    ]
}

fn vectors(archive: &mut Archive, random: &mut Random, name: &str, n: usize, dim: usize) -> Result<()> {
    let (x, query, k) = (random.uniform(n * dim), random.uniform(dim), dim.div_ceil(3));
    let ranges = Ranges::from_sample(&x, dim)?;
    let (int8, uint8) = (kp::quantize_int8(&x, dim, &ranges)?, kp::quantize_uint8(&x, dim, &ranges)?);
    let (binary, ubinary) = (kp::quantize_binary(&x, dim)?, kp::quantize_ubinary(&x, dim)?);
    let (query_int8, query_bits) =
        (kp::quantize_int8(&query, dim, &ranges)?, kp::quantize_ubinary(&query, dim)?);
    let mut f32s = |what: &str, values: &[f32]| archive.f32(format!("{name}.{what}"), values);
    f32s("x", &x);
    f32s("query", &query);
    f32s("l2Normalize", &kp::l2_normalize(&x, dim)?);
    f32s("truncate", &kp::truncate(&x, dim, k)?);
    f32s("min", ranges.min());
    f32s("step", ranges.step());
    f32s("dequantizeInt8", &kp::dequantize_int8(&int8, dim, &ranges)?);
    f32s("dequantizeUint8", &kp::dequantize_uint8(&uint8, dim, &ranges)?);
    f32s("dequantizeBinary", &kp::dequantize_binary(&binary, dim)?);
    f32s("dequantizeUbinary", &kp::dequantize_ubinary(&ubinary, dim)?);
    f32s("dot", &kp::dot(&query, &x)?);
    f32s("cosine", &kp::cosine(&query, &x)?);
    f32s("l2Squared", &kp::l2_squared(&query, &x)?);
    f32s("dotBinary", &kp::dot_binary(&query, &ubinary)?);
    let two_step = kp::two_step_int8(&query_bits, &ubinary, &query_int8, &int8, n.div_ceil(4), 3)?;
    let best = two_step.iter().map(|hit| hit.index as i32).collect::<Vec<_>>();
    let hamming = kp::hamming(&query_bits, &ubinary)?.iter().map(|&x| x as i32).collect::<Vec<_>>();
    let mut i32s = |what: &str, values: &[i32]| archive.i32(format!("{name}.{what}"), values);
    i32s("shape", &[i32::try_from(n)?, i32::try_from(dim)?, i32::try_from(k)?]);
    i32s("quantizeInt8", &signed(&int8));
    i32s("quantizeUint8", &signed(&uint8));
    i32s("quantizeBinary", &signed(&binary));
    i32s("quantizeUbinary", &signed(&ubinary));
    i32s("dotInt8", &kp::dot_int8(&query_int8, &int8)?);
    i32s("hamming", &hamming);
    i32s("twoStepInt8", &best);
    Ok(())
}

fn projections(
    archive: &mut Archive,
    random: &mut Random,
    name: &str,
    n: usize,
    hidden: usize,
) -> Result<()> {
    let (x, k) = (random.uniform(n * hidden), hidden.div_ceil(4));
    let coins = Projection::random(hidden, k, 42)?;
    let bias = random.uniform(k);
    let given = Projection::new(coins.weights(), Some(&bias), hidden, k)?;
    let pca = Projection::pca(&x[..n.min(20) * hidden], hidden, 1)?;
    archive.i32(format!("{name}.shape"), &[n as i32, hidden as i32, k as i32]);
    archive.f32(format!("{name}.weights"), coins.weights());
    archive.f32(format!("{name}.random"), &coins.project(&x)?);
    archive.f32(format!("{name}.given"), &given.project(&x)?);
    archive.f32(format!("{name}.pca"), &pca.project(&x)?);
    archive.f32(format!("{name}.bias"), &bias);
    archive.f32(format!("{name}.x"), &x);
    Ok(())
}

fn chunks(archive: &mut Archive, random: &mut Random, name: &str, n: usize, dim: usize) -> Result<()> {
    let (x, tokens) = (random.uniform(n * dim), (0..n).map(|_| random.below(9) + 1).collect::<Vec<_>>());
    for (what, pooling) in [
        ("mean", ChunkPooling::Mean),
        ("max", ChunkPooling::Max),
        ("lengthWeighted", ChunkPooling::LengthWeighted),
        ("centreWeighted", ChunkPooling::CentreWeighted),
    ] {
        let mut pooler = ChunkPooler::new(pooling, dim)?;
        for (chunk, &tokens) in x.chunks_exact(dim).zip(&tokens) {
            pooler.add(chunk, tokens)?;
        }
        archive.f32(format!("{name}.result.{what}"), &pooler.finish()?);
        archive.f32(format!("{name}.result.{what} normalized"), &pooler.normalized().finish()?);
    }
    archive.i32(format!("{name}.tokens"), &signed(&tokens.iter().map(|&x| x as u32).collect::<Vec<_>>()));
    archive.f32(format!("{name}.x"), &x);
    Ok(())
}

/// Numbers of few bits.
fn signed<T: Copy + TryInto<i32>>(numbers: &[T]) -> Vec<i32> {
    numbers.iter().map(|&number| number.try_into().unwrap_or(i32::MAX)).collect()
}
