//! Compares machine code with what is expected of it.

use super::arch::{Arch, Flow};
use super::expect::{Expectation, Kind};
use super::loops::innermost;
use super::objdump::{Function, Instruction};
use std::collections::BTreeSet;
use std::fmt;

/// What was found in the hot functions of a kernel.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) functions: Vec<Inspected>,
    /// Those that are no single function's.
    pub(super) faults: Vec<String>,
}

/// What was found in one function.
#[derive(Debug)]
pub(super) struct Inspected {
    pub(super) name: String,
    arch: Arch,
    instructions: usize,
    /// On WebAssembly, the locals that hold them: what wants a register.
    vectors: usize,
    loops: Vec<Loop>,
    pub(super) faults: Vec<String>,
}

/// An innermost loop: how many of its instructions do what.
#[derive(Clone, Copy, Debug)]
struct Loop {
    instructions: usize,
    fmas: usize,
    loads: usize,
    spills: usize,
    moves: usize,
}

/// What a hot function may call: what ends it. In the words of the demangled names.
const PANICS: [&str; 6] = [
    "core::panicking::",
    "core::slice::index::slice_",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "::too_short",
    "::too_far",
];

pub(super) fn inspect(functions: &[Function], expected: &Expectation) -> Verdict {
    // Where a kernel chooses by a constant, what it does not choose is compiled too, but nothing refers to it, or no more
    // than what was to call it with the token's features, to which nothing refers then.
    let named: BTreeSet<_> = functions.iter().flat_map(Function::symbols).collect();
    let is_there =
        |function: &&Function| !function.name.contains("::vectorize::<") || function.is_among(&named);
    let used: BTreeSet<_> = functions.iter().filter(is_there).flat_map(Function::symbols).collect();
    let is_hot = |function: &&Function| {
        function.is_among(&used) && expected.names().all(|part| function.name.contains(part))
    };
    let functions: Vec<_> =
        functions.iter().filter(is_hot).map(|function| inspect_one(function, expected)).collect();
    let has_one = |kind: &&Kind| functions.iter().any(|function| kind.is_of(&function.name));
    let missing = expected.kinds.iter().filter(|kind| !has_one(kind));
    let names =
        |kind: &Kind| expected.names().chain(kind.names.iter().copied()).collect::<Vec<_>>().join(" and ");
    let faults = missing.map(|kind| format!("no hot function has {} in its name", names(kind)));
    let faults = faults.collect();
    Verdict { functions, faults }
}

fn inspect_one(function: &Function, expected: &Expectation) -> Inspected {
    let arch = expected.arch;
    let bodies = innermost(function, arch, |call| !call.symbol.as_deref().is_some_and(is_panic));
    let framed = arch.is_framed(function);
    let loops: Vec<_> = (bodies.iter())
        .map(|body| {
            let count = |what: &dyn Fn(&Instruction) -> bool| {
                body.iter().filter(|i| what(&function.code[**i])).count()
            };
            Loop {
                instructions: body.len(),
                fmas: count(&|one| arch.is_fma(one)),
                loads: count(&|one| arch.is_vector_load(one)),
                spills: count(&|one| arch.is_vector_spill(one, framed)),
                moves: count(&|one| arch.is_move(one)),
            }
        })
        .collect();
    let is_hot = |i| bodies.iter().zip(&loops).any(|(body, one)| one.fmas > 0 && body.contains(&i));

    let is_allowed = |name: &&str| is_panic(name) || expected.calls.iter().any(|part| name.contains(part));
    let mut faults = Vec::new();
    for (i, one) in function.code.iter().enumerate() {
        if is_call(function, i, arch) && !callees(function, one).is_some_and(|all| all.iter().all(is_allowed))
        {
            faults.push(format!("a call: {one}"));
        }
        if arch.is_vector_spill(one, framed) && expected.spills.is_fault(is_hot(i)) {
            faults.push(format!("{}: {one}", arch.spilled()));
        }
    }
    match expected.kinds.iter().find(|kind| kind.is_of(&function.name)) {
        None => faults.push("the function is of none of the kinds expected".to_owned()),
        Some(kind) => {
            let found: BTreeSet<_> = loops.iter().map(|one| one.fmas).filter(|fmas| *fmas > 0).collect();
            if kind.fmas.is_some_and(|fmas| found != fmas.iter().copied().collect()) {
                let expected = kind.fmas.unwrap_or_default();
                faults.push(format!("innermost loops have {found:?} {}, expected {expected:?}", arch.fmas()));
            }
        }
    }
    let (name, vectors) = (function.name.clone(), function.vectors);
    Inspected { name, arch, instructions: function.code.len(), vectors, loops, faults }
}

/// A call, or a jump to another function.
fn is_call(function: &Function, at: usize, arch: Arch) -> bool {
    let instruction = &function.code[at];
    let leaves = || {
        let inside = |address| function.code.iter().any(|other| other.address == address);
        let mut destinations = instruction.destinations().peekable();
        instruction.symbol.is_some() || destinations.peek().is_none() || !destinations.all(inside)
    };
    match arch.flow(instruction) {
        Flow::Call => true,
        Flow::Jump | Flow::Branch => leaves() && !arch.is_by_table(&function.code[..=at]),
        Flow::Next | Flow::End => false,
    }
}

/// The names of what a call leads to: its own, or all that the function loads into the register that it goes by.
fn callees<'a>(function: &'a Function, call: &'a Instruction) -> Option<Vec<&'a str>> {
    if let Some(symbol) = &call.symbol {
        return Some(vec![symbol]);
    }
    let register = Some(call.operands.as_str()).filter(|operand| !operand.contains('['))?;
    let loads = |one: &&Instruction| one.operands.split(", ").next() == Some(register);
    let loaded = function.code.iter().filter(loads).filter_map(|one| one.symbol.as_deref());
    // Data lies in sections that begin so.
    let loaded: Vec<_> = loaded.filter(|name| !name.starts_with('.')).collect();
    (!loaded.is_empty()).then_some(loaded)
}

fn is_panic(name: &str) -> bool {
    PANICS.iter().any(|panic| name.contains(panic))
}

impl fmt::Display for Inspected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The function itself is always the token's; what it is compiled for tells them apart.
        let (_, name) = self.name.split_once("::vectorize").unwrap_or(("", &self.name));
        writeln!(f, "  {}", name.split_once("::<").map_or(name, |(_, types)| types))?;
        write!(f, "    {} instructions", self.instructions)?;
        if self.arch.is_wasm() {
            write!(f, " with {} v128 locals", self.vectors)?;
        }
        let hot = self.loops.iter().filter(|one| one.fmas > 0);
        for one in hot.clone() {
            let Loop { instructions, fmas, loads, spills, moves } = one;
            write!(f, "; loop of {instructions}: {fmas} {}, {loads} loads", self.arch.fmas())?;
            if self.arch.is_wasm() {
                write!(f, ", {spills} stores, {moves} local.get/set/tee")?;
            } else {
                write!(f, ", {spills} spills")?;
            }
        }
        write!(f, "; {} other loops; ", self.loops.len() - hot.count())?;
        f.write_str(if self.faults.is_empty() { "ok" } else { "NOT as expected" })?;
        self.faults.iter().take(MOST).try_for_each(|fault| write!(f, "\n    FAULT: {fault}"))?;
        match self.faults.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => write!(f, "\n    and {more} more"),
        }
    }
}

/// Faults to print of one function: where something is not inlined, it has hundreds.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use super::super::expect::Spills;
    use super::super::objdump::parse;
    use super::*;

    const EXPECTED: Expectation = Expectation {
        kernel: "k",
        package: "k",
        arch: Arch::X86_64,
        names: &["k::scan"],
        calls: &[],
        spills: Spills::Nowhere,
        kinds: &[Kind { names: &["Avx2"], fmas: Some(&[2]) }],
    };

    const GOOD: &str = "
0000000000000000 <<Avx2>::vectorize::vectorized::<(), k::scan<Avx2>::{closure#0}>>:
       0:      \tcmp\trax, rcx
       3:      \tja\t0x30 <vectorized+0x30>
      10:      \tvmovups\tymm2, ymmword ptr [rsi]
      18:      \tvfmadd231ps\tymm0, ymm2, ymmword ptr [rdi] # ymm0 = (ymm2 * mem) + ymm0
      20:      \tvfmadd231ps\tymm1, ymm2, ymmword ptr [rdi + 0x20] # ymm1 = (ymm2 * mem) + ymm1
      28:      \tjne\t0x10 <vectorized+0x10>
      2a:      \tret
      30:      \tcall\tqword ptr [rip]  # 0x36 <vectorized+0x36>
\t\t0000000000000032:  R_X86_64_GOTPCREL\tcore::slice::index::slice_index_fail-0x4

0000000000000000 <k::scan>:
       0:      \tcall\tqword ptr [rip]
\t\t0000000000000002:  R_X86_64_GOTPCREL\t<Avx2>::vectorize::vectorized::<(), k::scan<Avx2>::{closure#0}>-0x4

0000000000000000 <<Avx2>::vectorize::vectorized::<(), k::scan<Never>::{closure#0}>>:
       0:      \tcall\tqword ptr [rip]
\t\t0000000000000002:  R_X86_64_GOTPCREL\tmemcpy-0x4
";

    /// All faults, of the code with one text replaced.
    fn faults(from: &str, to: &str) -> Vec<String> {
        faults_by(&EXPECTED, from, to)
    }

    fn faults_by(expected: &Expectation, from: &str, to: &str) -> Vec<String> {
        assert!(GOOD.contains(from));
        let verdict = inspect(&parse(&GOOD.replace(from, to)), expected);
        verdict.functions.into_iter().flat_map(|function| function.faults).chain(verdict.faults).collect()
    }

    #[test]
    fn good_code_has_no_faults() {
        let verdict = inspect(&parse(GOOD), &EXPECTED);
        assert_eq!(verdict.functions.len(), 1);
        let text = verdict.functions[0].to_string();
        assert_eq!(
            text,
            "  (), k::scan<Avx2>::{closure#0}>\n    8 instructions; loop of 4: 2 FMAs, 3 loads, 0 spills; 0 other loops; ok"
        );
        assert!(verdict.faults.is_empty() && verdict.functions[0].faults.is_empty(), "{verdict:?}");
    }

    #[test]
    fn a_call_is_a_fault_unless_it_panics() {
        let found = faults("core::slice::index::slice_index_fail", "<Avx2 as Simd>::load::op");
        assert!(
            found.len() == 1 && found[0].starts_with("a call") && found[0].contains("load::op"),
            "{found:?}"
        );
        assert!(faults("core::slice::index::slice_index_fail", "simd_core::vector::too_short").is_empty());
        // A jump to another function at the end of this one.
        assert_eq!(faults("      2a:      \tret", "      2a:      \tjmp\tqword ptr [rip]").len(), 1);
    }

    #[test]
    fn what_may_be_called_is_said_by_name() {
        let found = |calls, from, to| faults_by(&Expectation { calls, ..EXPECTED }, from, to).len();
        let name = "core::slice::index::slice_index_fail";
        assert_eq!(found(&["Scan<f64>>::new"], name, "<k::Scan<f64>>::new"), 0);
        assert_eq!(found(&["Scan<f64>>::new"], name, "<k::Scan<f32>>::new"), 1);

        // By a register, which holds what was loaded last.
        let load = "cmp\trax, rcx";
        let by_register = "mov\trbp, qword ptr [rip]\n\t\t1: R_X86_64_GOTPCREL\tmemset-0x4".to_owned();
        let jump = |loaded: &str, calls| {
            let text = GOOD.replace(load, loaded).replace("2a:      \tret", "2a:      \tcall\trbp");
            let verdict = inspect(&parse(&text), &Expectation { calls, ..EXPECTED });
            verdict.functions[0].faults.len()
        };
        assert_eq!(jump(&by_register, &["memset"]), 0);
        assert_eq!(jump(&by_register, &["memcpy"]), 1);
        let data =
            format!("{by_register}\n       4:      \tlea\trbp, [rip]\n\t\t5: R_X86_64_PC32\t.data.a-0x4");
        assert_eq!(jump(&data, &["memset"]), 0);
        assert_eq!(jump(load, &["memset"]), 1);
    }

    #[test]
    fn what_only_unused_code_calls_is_unused() {
        let text = GOOD.replace("<k::scan>", "<<Avx2>::vectorize::<(), k::scan<Avx2>::{closure#0}>>");
        assert!(inspect(&parse(&text), &EXPECTED).functions.is_empty());
    }

    #[test]
    fn a_spill_is_a_fault() {
        let found = faults("ymmword ptr [rdi + 0x20]", "ymmword ptr [rsp + 0x20]");
        assert!(found.len() == 1 && found[0].starts_with("a vector register on the stack"), "{found:?}");

        let outside = ("cmp\trax, rcx", "vmovaps\txmmword ptr [rsp], xmm1");
        assert_eq!(faults(outside.0, outside.1).len(), 1);
        let tolerant = Expectation { spills: Spills::BetweenLoops, ..EXPECTED };
        assert!(faults_by(&tolerant, outside.0, outside.1).is_empty());
        let read = ("ymmword ptr [rdi]", "ymmword ptr [rsp]");
        assert_eq!(faults_by(&tolerant, read.0, read.1).len(), 1);
        let anywhere = Expectation { spills: Spills::Anywhere, ..EXPECTED };
        assert!(faults_by(&anywhere, read.0, read.1).is_empty());
    }

    #[test]
    fn a_missing_fma_is_a_fault() {
        assert_eq!(
            faults("vfmadd231ps\tymm1", "vaddps\tymm1"),
            ["innermost loops have {1} FMAs, expected [2]"]
        );
        assert_eq!(faults("jne\t0x10", "jne\t0x2a"), ["innermost loops have {} FMAs, expected [2]"]);
    }

    #[test]
    fn a_kind_without_a_list_has_any_fmas() {
        let any = Expectation { kinds: &[Kind { names: &["Avx2"], fmas: None }], ..EXPECTED };
        assert!(faults_by(&any, "vfmadd231ps\tymm1", "vaddps\tymm1").is_empty());
    }

    #[test]
    fn a_function_that_is_not_there_is_a_fault() {
        let found = faults("k::scan<Avx2>", "k::other<Avx2>");
        assert!(found.len() == 1 && found[0].starts_with("no hot function"), "{found:?}");
    }

    #[test]
    fn a_function_of_no_kind_is_a_fault() {
        let found = faults("Avx2", "Avx512");
        assert!(found.len() == 2 && found[0].ends_with("none of the kinds expected"), "{found:?}");
    }
}
