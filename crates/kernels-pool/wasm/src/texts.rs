//! Texts in the memory of JavaScript, copied and pooled some at a time. Padding is not copied: the wasm memory holds the
//! tokens that count of some short texts, or of one long one.

use crate::errors::failure;
use kernels_pool::{Error, Pooler, Pooling};
use kernels_pool_batch::{narrow_mask, pool_masked, pool_ragged, run_of_ones, wrong_mask};
use kernels_wasm::{Element, Failure, Input, PIECE, Result, fit, room, vec_of};
use simd_core::AlignedVec;
use wasm_bindgen::JsValue;

/// Reads a mask, and checks that there is nothing in it but 0 and 1. (Token ids in its place would otherwise look like
/// one.)
pub(crate) fn mask(value: &JsValue, len: f64) -> Result<AlignedVec<u8>> {
    let mut mask = AlignedVec::new();
    let wrong = if i64::is_array(value) {
        let input = Input::<i64>::new("mask", value)?;
        let mut wide = AlignedVec::new();
        check_len(&input, len)?;
        input.read_all(&mut wide)?;
        fit("mask", &mut mask, wide.len())?;
        narrow_mask(&wide, &mut mask).map(|index| (index, wide[index]))
    } else if u8::is_array(value) {
        let input = Input::<u8>::new("mask", value)?;
        check_len(&input, len)?;
        input.read_all(&mut mask)?;
        wrong_mask(&mask).map(|index| (index, mask[index].into()))
    } else {
        return Err(Failure::kind("mask", "Uint8Array or BigInt64Array", value));
    };
    match wrong {
        Some((index, got)) => Err(failure(Error::Mask { index, got })),
        None => Ok(mask),
    }
}

fn check_len<T: Element>(input: &Input<T>, len: f64) -> Result<()> {
    if input.len() == len { Ok(()) } else { Err(Failure::length("mask", len, input.len())) }
}

/// The caller's token embeddings, and what pools them.
pub(crate) struct Texts<'a> {
    x: &'a Input<f32>,
    pooling: Pooling,
    pooler: &'a Pooler,
    hidden: usize,
    /// How many values are kept of each text.
    k: usize,
    piece: AlignedVec<f32>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(
        x: &'a Input<f32>,
        pooling: Pooling,
        (pooler, k): &'a (Pooler, usize),
        hidden: usize,
    ) -> Self {
        Self { x, pooling, pooler, hidden, k: *k, piece: AlignedVec::new() }
    }

    /// Pools padded texts: `mask` is `[batch, seq]`.
    pub(crate) fn masked(&mut self, mask: &[u8], seq: usize) -> Result<AlignedVec<f32>> {
        let count = mask.len() / seq;
        if let Some(last) = self.takes_one() {
            return self.one_each(count, &mut |text| {
                let mask = &mask[text * seq..][..seq];
                let is_active = |x: &u8| *x != 0;
                let token =
                    if last { mask.iter().rposition(is_active) } else { mask.iter().position(is_active) };
                token.map(|token| text as f64 * seq as f64 + token as f64)
            });
        }
        let mut out = room("out", count, self.k)?;
        let texts = (self.at_once() / seq).max(1);
        let pieces = mask.chunks(texts * seq).zip(out.chunks_mut(texts * self.k));
        for (i, (mask, out)) in pieces.enumerate() {
            let first = i as f64 * texts as f64 * seq as f64;
            // Of a single text, what is before its first token and behind its last is not even room.
            let (start, seq) = if texts == 1 { active(mask) } else { (0, seq) };
            if seq == 0 {
                out.fill(0.0);
                continue;
            }
            let mask = &mask[start..start + out.len() / self.k * seq];
            self.copy_runs(first + start as f64, mask)?;
            pool_masked(self.pooler, &self.piece, mask, [out.len() / self.k, seq, self.hidden], out)
                .map_err(failure)?;
        }
        Ok(out)
    }

    /// Pools texts without padding, one after another.
    pub(crate) fn ragged(&mut self, lens: &[usize]) -> Result<AlignedVec<f32>> {
        if let Some(last) = self.takes_one() {
            let mut next = 0.0;
            return self.one_each(lens.len(), &mut |text| {
                let (start, len) = (next, lens[text] as f64);
                next += len;
                (len > 0.0).then_some(if last { next - 1.0 } else { start })
            });
        }
        let (mut out, at_once, mut first) = (room("out", lens.len(), self.k)?, self.at_once(), 0.0);
        let (mut lens, mut rest) = (lens, &mut *out);
        while !lens.is_empty() {
            let (mut texts, mut tokens) = (1, lens[0]);
            while texts < lens.len() && tokens.saturating_add(lens[texts]) <= at_once {
                tokens += lens[texts];
                texts += 1;
            }
            let (some, others) = lens.split_at(texts);
            let (out, others_out) = rest.split_at_mut(texts * self.k);
            self.make_room(tokens)?;
            self.x.read(first * self.hidden as f64, &mut self.piece)?;
            pool_ragged(self.pooler, &self.piece, some, self.hidden, out).map_err(failure)?;
            first += tokens as f64;
            (lens, rest) = (others, others_out);
        }
        Ok(out)
    }

    /// Whether one token of each text is all that is needed, and if so, whether that is the last.
    fn takes_one(&self) -> Option<bool> {
        match self.pooling {
            Pooling::Cls => Some(false),
            Pooling::LastToken => Some(true),
            _ => None,
        }
    }

    /// Copies one token of each text, and pools that.
    fn one_each(
        &mut self,
        count: usize,
        token: &mut dyn FnMut(usize) -> Option<f64>,
    ) -> Result<AlignedVec<f32>> {
        let (mut out, texts, hidden) = (room("out", count, self.k)?, self.at_once().min(count), self.hidden);
        let mut lens = vec_of("x", 0, texts)?;
        for (i, out) in out.chunks_mut(texts * self.k).enumerate() {
            let lens = &mut lens[..out.len() / self.k];
            self.make_room(lens.len())?;
            let mut used = 0;
            for (j, len) in lens.iter_mut().enumerate() {
                let token = token(i * texts + j);
                *len = usize::from(token.is_some());
                if let Some(token) = token {
                    self.x.read(token * hidden as f64, &mut self.piece[used..used + hidden])?;
                    used += hidden;
                }
            }
            pool_ragged(self.pooler, &self.piece[..used], lens, hidden, out).map_err(failure)?;
        }
        Ok(out)
    }

    /// How many tokens are copied at once, unless a single text has more.
    fn at_once(&self) -> usize {
        (PIECE / size_of::<f32>() / self.hidden).max(1)
    }

    fn make_room(&mut self, tokens: usize) -> Result<()> {
        let len = tokens.checked_mul(self.hidden).ok_or_else(|| Failure::no_memory("x"))?;
        fit("x", &mut self.piece, len)
    }

    /// Copies the tokens that count to where they are in the piece. Others keep what was there before.
    fn copy_runs(&mut self, first: f64, mask: &[u8]) -> Result<()> {
        self.make_room(mask.len())?;
        let (hidden, mut next) = (self.hidden, 0);
        while let Some((start, end)) = run_of_ones(mask, next) {
            let run = &mut self.piece[start * hidden..end * hidden];
            self.x.read((first + start as f64) * hidden as f64, run)?;
            next = end;
        }
        Ok(())
    }
}

/// The first of the tokens that count, and how many there are from there to the last.
fn active(mask: &[u8]) -> (usize, usize) {
    let first = mask.iter().position(|x| *x != 0).unwrap_or(mask.len());
    let end = mask.iter().rposition(|x| *x != 0).map_or(first, |last| last + 1);
    (first, end - first)
}
