//! What is different about WebAssembly: code is a tree of blocks and works on a stack, and which registers there are, and
//! what is spilled of them, is up to the engine that compiles it.

use super::objdump::{Function, Instruction};

/// A block that is still open.
#[derive(Default)]
struct Block {
    /// Where branches to it lead, if it is a loop; others lead to the end of theirs.
    start: Option<u64>,
    /// The `if` that opens it, for as long as no `else` follows.
    condition: Option<usize>,
    /// Instructions that lead to its end.
    to_end: Vec<usize>,
}

/// Gives each branch the addresses that it leads to, as in other machine code, in place of how many blocks it leaves.
pub(super) fn resolve(function: &mut Function) {
    let mut destinations = vec![Vec::new(); function.code.len()];
    // The function is a block too.
    let mut open = vec![Block::default()];
    for (i, one) in function.code.iter().enumerate() {
        match one.mnemonic.as_str() {
            "block" => open.push(Block::default()),
            "loop" => open.push(Block { start: Some(one.address), ..Block::default() }),
            "if" => open.push(Block { condition: Some(i), ..Block::default() }),
            "else" => {
                let Some(block) = open.last_mut() else { return };
                let next = function.code.get(i + 1).map(|next| next.address);
                if let Some(condition) = block.condition.take() {
                    destinations[condition].extend(next);
                }
                block.to_end.push(i);
            }
            "end" => {
                let Some(block) = open.pop() else { return };
                for from in block.to_end.into_iter().chain(block.condition) {
                    destinations[from].push(one.address);
                }
            }
            "br" | "br_if" | "br_table" => {
                for depth in depths(&one.operands) {
                    let Some(at) = open.len().checked_sub(depth + 1) else { return };
                    match open[at].start {
                        Some(start) => destinations[i].push(start),
                        None => open[at].to_end.push(i),
                    }
                }
            }
            _ => {}
        }
    }
    for (one, addresses) in function.code.iter_mut().zip(destinations) {
        if !addresses.is_empty() {
            let texts: Vec<_> = addresses.iter().map(|address| format!("{address:#x}")).collect();
            one.operands = texts.join(", ");
        }
    }
}

/// `1`, or `{1, 0, 2}`
fn depths(operands: &str) -> impl Iterator<Item = usize> {
    operands.trim_matches(['{', '}']).split(", ").filter_map(|depth| depth.parse().ok())
}

/// The instructions of relaxed-simd, in the order of their numbers, from 0x100 on.
const RELAXED: [&str; 20] = [
    "i8x16.relaxed_swizzle",
    "i32x4.relaxed_trunc_f32x4_s",
    "i32x4.relaxed_trunc_f32x4_u",
    "i32x4.relaxed_trunc_f64x2_s_zero",
    "i32x4.relaxed_trunc_f64x2_u_zero",
    "f32x4.relaxed_madd",
    "f32x4.relaxed_nmadd",
    "f64x2.relaxed_madd",
    "f64x2.relaxed_nmadd",
    "i8x16.relaxed_laneselect",
    "i16x8.relaxed_laneselect",
    "i32x4.relaxed_laneselect",
    "i64x2.relaxed_laneselect",
    "f32x4.relaxed_min",
    "f32x4.relaxed_max",
    "f64x2.relaxed_min",
    "f64x2.relaxed_max",
    "i16x8.relaxed_q15mulr_s",
    "i16x8.relaxed_dot_i8x16_i7x16_s",
    "i32x4.relaxed_dot_i8x16_i7x16_add_s",
];

/// The name of an instruction that `llvm-objdump` has none for, by its bytes in hexadecimal: of those behind the prefix of
/// vectors it knows the first 256.
pub(super) fn name(bytes: &str) -> Option<&'static str> {
    // The number stands in groups of seven bits, the lowest first.
    let (low, high) = bytes.strip_prefix("fd ")?.split_once(' ')?;
    let group = |byte| u8::from_str_radix(byte, 16).ok().map(|byte| usize::from(byte & 0x7f));
    let number = group(high)? << 7 | group(low)?;
    RELAXED.get(number.checked_sub(0x100)?).copied()
}

/// The parts of a name: `f32x4` and `add`.
fn parts(instruction: &Instruction) -> (&str, &str) {
    instruction.mnemonic.split_once('.').unwrap_or(("", &instruction.mnemonic))
}

fn is_of_vectors(kind: &str) -> bool {
    ["v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2"].contains(&kind)
}

/// Whether it multiplies vectors, be it to add them by an instruction of its own; or multiplies and adds bytes.
pub(super) fn is_multiplication(instruction: &Instruction) -> bool {
    matches!(parts(instruction), ("f32x4" | "f64x2", "mul")) || is_dot_product(instruction)
}

/// Whether it multiplies and adds vectors, fused where the machine can; or bytes.
pub(super) fn is_fma(instruction: &Instruction) -> bool {
    matches!(parts(instruction), ("f32x4" | "f64x2", "relaxed_madd" | "relaxed_nmadd"))
        || is_dot_product(instruction)
}

fn is_dot_product(instruction: &Instruction) -> bool {
    let (kind, what) = parts(instruction);
    is_of_vectors(kind) && (what.starts_with("dot_") || what.starts_with("relaxed_dot_"))
}

pub(super) fn is_vector_load(instruction: &Instruction) -> bool {
    let (kind, what) = parts(instruction);
    is_of_vectors(kind) && what.starts_with("load")
}

pub(super) fn is_vector_store(instruction: &Instruction) -> bool {
    let (kind, what) = parts(instruction);
    is_of_vectors(kind) && what.starts_with("store")
}

/// Whether it moves a value between the stack and a variable of the function: no instruction of the machine, as a rule.
pub(super) fn is_move(instruction: &Instruction) -> bool {
    matches!(parts(instruction), ("local", _))
}

#[cfg(test)]
mod tests {
    use super::super::arch::Arch;
    use super::super::expect::{Expectation, Kind, Spills};
    use super::super::inspect::inspect;
    use super::super::loops::innermost;
    use super::super::objdump::parse;
    use super::*;

    fn function(dump: &str) -> Function {
        let mut function = parse(dump).remove(0);
        resolve(&mut function);
        function
    }

    /// A loop in a block, with both branches of an `if` in it; and a table that leads to all of them.
    const BRANCHES: &str = "
00000001 <f>:
       0: 02 40        \tblock   \t
       2: 03 40        \tloop    \t               # label1:
       4: 04 40        \tif      \t
       6: 0d 01        \tbr_if   \t1              # 1: up to label1
       8: 05           \telse
       9: 0e 02 02 01 03 \tbr_table \t{2, 1, 3} # 2: down to label0
       e: 0b           \tend
       f: 04 40        \tif      \t
      11: 0b           \tend
      12: 0b           \tend
      13: 0b           \tend
      14: 0b           \tend
";

    #[test]
    fn branches_lead_to_the_start_of_a_loop_and_to_the_end_of_anything_else() {
        let destinations = |dump: &str| {
            let function = function(dump);
            let code = function.code.iter().map(|one| (one.address, one.destinations().collect::<Vec<_>>()));
            code.filter(|(_, to)| !to.is_empty()).collect::<Vec<_>>()
        };
        let expected = [
            (0x4, vec![0x9]),
            (0x6, vec![0x2]),
            (0x8, vec![0xe]),
            (0x9, vec![0x2, 0x13, 0x14]),
            (0xf, vec![0x11]),
        ];
        assert_eq!(destinations(BRANCHES), expected);
        // What leaves more blocks than there are stays as it is, and so do `end`s of none.
        assert_eq!(destinations(&BRANCHES.replace("{2, 1, 3}", "{2, 1, 9}")), []);
        let more = format!("{BRANCHES}      15: 0b           \tend\n      16: 0b           \tend\n");
        assert_eq!(destinations(&more), []);
    }

    #[test]
    fn a_loop_is_what_leads_back_to_it() {
        let loops = |dump: &str| innermost(&function(dump), Arch::Simd128, |_| true);
        // Not the `else`, which leads to the second `if`, from which no way leads back.
        assert_eq!(loops(BRANCHES), [[1, 2, 3, 5]]);
        assert!(loops(&BRANCHES.replace("\t1    ", "\t2    ").replace("{2, 1, 3}", "{2, 3}")).is_empty());
    }

    #[test]
    fn instructions_of_relaxed_simd_are_told_by_their_bytes() {
        assert_eq!(name("fd 85 02"), Some("f32x4.relaxed_madd"));
        assert_eq!(name("fd 87 02"), Some("f64x2.relaxed_madd"));
        assert_eq!(name("fd 80 02"), Some("i8x16.relaxed_swizzle"));
        assert_eq!(name("fd 93 02"), Some("i32x4.relaxed_dot_i8x16_i7x16_add_s"));
        for other in ["fd 94 02", "fd e4 01", "fd 85", "fc 85 02", "fd 85 02 00", "fd x", ""] {
            assert_eq!(name(other), None, "{other}");
        }
    }

    const LOOP: &str = "
00000001 <<RelaxedSimd>::vectorize::<(), k::scan<RelaxedSimd>>>:
        .local i32, v128, v128, v128, i32
       3: 23 80 80 80 80 00    \tglobal.get\t0
\t\t\t00000004:  R_WASM_GLOBAL_INDEX_LEB\t__stack_pointer+0
       9: 02 40        \tblock   \t
       b: 03 40        \tloop    \t                       # label1:
       d: 20 00        \tlocal.get\t0
       f: 0d 01        \tbr_if   \t1                      # 1: down to label0
      11: 20 00        \tlocal.get\t0
      13: fd 09 02 00  \tv128.load32_splat\t0
      17: 20 01        \tlocal.get\t1
      19: fd 00 00 00  \tv128.load\t0:p2align=0
      1d: 20 02        \tlocal.get\t2
      1f: fd 85 02     \t<unknown>
      22: 21 02        \tlocal.set\t2
      24: 20 03        \tlocal.get\t3
      26: fd e6 01     \tf32x4.mul
      29: 21 03        \tlocal.set\t3
      2b: 0c 00        \tbr      \t0                      # 0: up to label1
      2d: 0b           \tend
      2e: 0b           \tend
      2f: 10 80 80 80 80 00    \tcall\t0
\t\t\t00000030:  R_WASM_FUNCTION_INDEX_LEB\t_RNvNtNtCsgXGp5Oqx2Ny_4core5slice5index16slice_index_fail+0
      35: 00           \tunreachable
      36: 0b           \tend

00000037 <k::scan>:
        .local i32
      38: 10 80 80 80 80 00    \tcall\t0
\t\t\t00000039:  R_WASM_FUNCTION_INDEX_LEB\t<RelaxedSimd>::vectorize::<(), k::scan<RelaxedSimd>>+0
      3e: 0b           \tend
";

    const EXPECTED: Expectation = Expectation {
        kernel: "k",
        package: "k",
        arch: Arch::RelaxedSimd,
        names: &["k::scan"],
        calls: &[],
        spills: Spills::BetweenLoops,
        kinds: &[Kind { names: &[], fmas: Some(&[1]) }],
    };

    /// What is shown of the hot function, and its faults.
    fn inspected(expected: &Expectation, dump: &str) -> (String, Vec<String>) {
        let mut functions = parse(dump);
        functions.iter_mut().for_each(resolve);
        let mut verdict = inspect(&functions, expected);
        assert_eq!((verdict.functions.len(), verdict.faults.len()), (1, 0), "{verdict:?}");
        let one = verdict.functions.remove(0);
        (one.to_string(), one.faults)
    }

    #[test]
    fn a_loop_is_counted_for_each_set() {
        let (text, faults) = inspected(&EXPECTED, LOOP);
        let counts = "2 loads, 0 stores, 7 local.get/set/tee; 0 other loops; ok";
        let head = "  (), k::scan<RelaxedSimd>>\n    21 instructions with 3 v128 locals; loop of 14: 1";
        assert_eq!(text, format!("{head} FMAs, {counts}"));
        assert!(faults.is_empty());

        let simd128 = Expectation { arch: Arch::Simd128, ..EXPECTED };
        let (text, _) = inspected(&simd128, &LOOP.replace("RelaxedSimd", "Simd128"));
        assert!(text.ends_with(&format!("loop of 14: 1 multiplications, {counts}")), "{text}");
    }

    #[test]
    fn what_should_not_be_in_a_hot_loop_is_a_fault() {
        let faults = |from: &str, to: &str| {
            assert!(LOOP.contains(from));
            inspected(&EXPECTED, &LOOP.replace(from, to)).1
        };
        // A call, and one by a table.
        let set = "      29: 21 03        \tlocal.set\t3\n";
        for call in ["\tcall\t0\n\t\t2a:  R_WASM_FUNCTION_INDEX_LEB\tk::other+0\n", "\tcall_indirect\t0\n"] {
            let found = faults(set, &format!("      29: 10 00 {call}"));
            assert!(found.len() == 1 && found[0].starts_with("a call: "), "{found:?}");
        }
        let found = faults(set, "      29: fd 0b 04 00  \tv128.store\t0\n");
        assert!(found.len() == 1 && found[0].starts_with("a vector in memory: "), "{found:?}");
        assert!(faults("global.get\t0", "v128.store\t0").is_empty());
        assert_eq!(faults("fd 85 02", "fd 8d 02"), ["innermost loops have {} FMAs, expected [1]"]);
    }

    #[test]
    fn products_of_bytes_count_for_both_sets() {
        let is = |arch: Arch, mnemonic: &str| {
            arch.is_fma(&parse(&format!("0000 <f>:\n 0: \t{mnemonic}\n"))[0].code[0])
        };
        for (mnemonic, simd128, relaxed) in [
            ("i32x4.dot_i16x8_s", true, true),
            ("i32x4.relaxed_dot_i8x16_i7x16_add_s", true, true),
            ("f64x2.mul", true, false),
            ("f64x2.relaxed_nmadd", false, true),
            ("f32.mul", false, false),
            ("i32x4.mul", false, false),
            ("f32x4.add", false, false),
        ] {
            let found = (is(Arch::Simd128, mnemonic), is(Arch::RelaxedSimd, mnemonic));
            assert_eq!(found, (simd128, relaxed), "{mnemonic}");
        }
    }
}
