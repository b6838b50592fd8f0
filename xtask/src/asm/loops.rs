//! Finds the innermost loops of a function.

use super::arch::{Arch, Flow};
use super::objdump::{Function, Instruction};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The instructions of each innermost loop, as indices into the function's code.
///
/// A loop is what can be passed on the way from its head back to its head, where the head cannot be passed by: so
/// code that was moved behind the loop, and jumps back into it, makes no loop of its own.
pub(super) fn innermost(
    function: &Function,
    arch: Arch,
    returns: impl Fn(&Instruction) -> bool,
) -> Vec<Vec<usize>> {
    let graph = Graph::new(function, arch, returns);
    let loops = graph.loops();
    let is_innermost = |head: usize, body: &BTreeSet<usize>| {
        loops.keys().all(|other| *other == head || !body.contains(other))
    };
    loops
        .iter()
        .filter(|(head, body)| is_innermost(**head, body))
        .map(|(_, body)| body.iter().flat_map(|block| graph.blocks[*block].clone()).collect())
        .collect()
}

/// Stretches of code without jumps, and which can follow which.
struct Graph {
    blocks: Vec<Range<usize>>,
    successors: Vec<Vec<usize>>,
}

impl Graph {
    fn new(function: &Function, arch: Arch, returns: impl Fn(&Instruction) -> bool) -> Self {
        let code = &function.code;
        let index: BTreeMap<_, _> = code.iter().enumerate().map(|(i, one)| (one.address, i)).collect();
        let destinations = |one: &Instruction| -> Vec<usize> {
            match arch.flow(one) {
                // One that the linker fills in lies elsewhere.
                Flow::Branch | Flow::Jump if one.symbol.is_none() => {
                    one.destinations().filter_map(|address| index.get(&address).copied()).collect()
                }
                _ => Vec::new(),
            }
        };
        let mut starts = BTreeSet::from([0]);
        for (i, one) in code.iter().enumerate() {
            starts.extend(destinations(one));
            if arch.flow(one) != Flow::Next {
                starts.insert(i + 1);
            }
        }
        starts.remove(&code.len());
        let starts: Vec<_> = starts.into_iter().collect();
        let ends = starts.iter().skip(1).copied().chain([code.len()]);
        let blocks: Vec<_> = starts.iter().zip(ends).map(|(start, end)| *start..end).collect();

        let block_at = |start: usize| starts.binary_search(&start).ok();
        let successors = blocks.iter().map(|block| {
            let Some(last) = code[block.clone()].last() else { return Vec::new() };
            let goes_on = match arch.flow(last) {
                Flow::Next | Flow::Branch => true,
                Flow::Call => returns(last),
                Flow::Jump | Flow::End => false,
            };
            let next = goes_on.then_some(block.end);
            next.into_iter().chain(destinations(last)).filter_map(block_at).collect()
        });
        Self { successors: successors.collect(), blocks }
    }

    /// Each loop's blocks by its head.
    fn loops(&self) -> BTreeMap<usize, BTreeSet<usize>> {
        let mut predecessors = vec![Vec::new(); self.blocks.len()];
        for (from, to) in self.edges() {
            predecessors[to].push(from);
        }
        let reached = self.reached(None);
        let mut loops = BTreeMap::new();
        for &head in &reached {
            let before_head = self.reached(Some(head));
            // Jumps back: from blocks that are reached through the head only.
            let is_behind = |block: &usize| reached.contains(block) && !before_head.contains(block);
            let mut open: Vec<_> = predecessors[head].iter().copied().filter(is_behind).collect();
            if open.is_empty() {
                continue;
            }
            let mut body = BTreeSet::from([head]);
            while let Some(block) = open.pop() {
                if body.insert(block) {
                    open.extend(&predecessors[block]);
                }
            }
            loops.insert(head, body);
        }
        loops
    }

    fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        self.successors.iter().enumerate().flat_map(|(from, to)| to.iter().map(move |to| (from, *to)))
    }

    /// The blocks that can be reached from the start of the function, on ways that avoid one of them.
    fn reached(&self, avoided: Option<usize>) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = vec![0];
        while let Some(block) = open.pop() {
            if Some(block) != avoided && reached.insert(block) {
                open.extend(&self.successors[block]);
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::super::objdump::parse;
    use super::*;

    #[test]
    fn finds_innermost_loops_and_no_others() {
        // An outer loop (2 to c) round two inner ones (4 and 6 to 8); behind the end, code that jumps back into it.
        let dump = "
0000000000000000 <f>:
       0:      \tje\t0x10 <f+0x10>
       2:      \tinc\trax
       4:      \tjne\t0x4 <f+0x4>
       6:      \tvaddps\tymm0, ymm0, ymm1
       8:      \tjne\t0x6 <f+0x6>
       a:      \tcall\t0x0 <f>
       c:      \tjb\t0x2 <f+0x2>
       e:      \tret
      10:      \tinc\trcx
      12:      \tjmp\t0xc <f+0xc>
";
        let function = &parse(dump)[0];
        let loops = |returns: bool| innermost(function, Arch::X86_64, |_| returns);
        assert_eq!(loops(true), [vec![2], vec![3, 4]]);
        // The cold code enters the outer loop beside its head, so even without the inner ones it would be none.
        let ends_early = dump.replace("\tjne\t0x4 <f+0x4>", "\tnop").replace("\tjne\t0x6 <f+0x6>", "\tnop");
        assert!(innermost(&parse(&ends_early)[0], Arch::X86_64, |_| true).is_empty());
        assert_eq!(loops(false), [vec![2], vec![3, 4]]);
    }

    #[test]
    fn a_jump_that_the_linker_fills_in_is_none_of_ours() {
        let dump = "
0000000000000000 <f>:
       0:      \tnop
       1:      \tjmp\t0x0 <f>
\t\t0000000000000002:  R_X86_64_PLT32\tg-0x4
";
        let with = parse(dump);
        assert!(innermost(&with[0], Arch::X86_64, |_| true).is_empty());
        let without = parse(&dump[..dump.find("\t\t").unwrap()]);
        assert_eq!(innermost(&without[0], Arch::X86_64, |_| true), [vec![0, 1]]);
    }
}
