//! What the instructions of an architecture do, as far as it matters here.

use super::objdump::{Function, Instruction};
use super::wasm;
use std::fmt;

/// An architecture with hot functions; of WebAssembly, one for each set of its instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arch {
    X86_64,
    Aarch64,
    Simd128,
    RelaxedSimd,
}

/// Where the program goes after an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Branch,
    Jump,
    Call,
    End,
}

impl Arch {
    pub(super) const ALL: [Self; 4] = [Self::X86_64, Self::Aarch64, Self::Simd128, Self::RelaxedSimd];

    /// The target that it is compiled for.
    pub(super) const fn target(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64-unknown-linux-gnu",
            Self::Aarch64 => "aarch64-unknown-linux-gnu",
            Self::Simd128 | Self::RelaxedSimd => "wasm32-unknown-unknown",
        }
    }

    /// What the compiler is told to use beyond what every machine of the target has. Elsewhere a function that was
    /// compiled for more is chosen at run time.
    pub(super) const fn features(self) -> &'static str {
        match self {
            Self::X86_64 | Self::Aarch64 => "",
            Self::Simd128 => "+simd128",
            Self::RelaxedSimd => "+simd128,+relaxed-simd",
        }
    }

    /// Where it is built: a folder for each set of features, otherwise each would throw away what the one before has built.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::X86_64 | Self::Aarch64 => "asm",
            Self::Simd128 => "asm-simd128",
            Self::RelaxedSimd => "asm-relaxed-simd",
        }
    }

    /// Parts of the names of functions that are compiled for its vectors.
    pub(super) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::X86_64 => &["::vectorized::<"],
            Self::Aarch64 => &["Neon", "::vectorize::<"],
            Self::Simd128 => &["Simd128", "::vectorize::<"],
            Self::RelaxedSimd => &["RelaxedSimd", "::vectorize::<"],
        }
    }

    pub(super) const fn is_wasm(self) -> bool {
        matches!(self, Self::Simd128 | Self::RelaxedSimd)
    }

    pub(super) fn flow(self, instruction: &Instruction) -> Flow {
        let mnemonic = instruction.mnemonic.as_str();
        match self {
            Self::X86_64 => match mnemonic {
                "call" => Flow::Call,
                "jmp" => Flow::Jump,
                "ret" | "ud2" | "int3" => Flow::End,
                _ if mnemonic.starts_with('j') => Flow::Branch,
                _ => Flow::Next,
            },
            Self::Aarch64 => match mnemonic {
                "bl" | "blr" => Flow::Call,
                "b" | "br" => Flow::Jump,
                "ret" | "brk" | "udf" => Flow::End,
                "cbz" | "cbnz" | "tbz" | "tbnz" => Flow::Branch,
                _ if mnemonic.starts_with("b.") => Flow::Branch,
                _ => Flow::Next,
            },
            Self::Simd128 | Self::RelaxedSimd => match mnemonic {
                "call" | "call_indirect" => Flow::Call,
                "br" | "br_table" | "else" | "return_call" | "return_call_indirect" => Flow::Jump,
                "br_if" | "if" => Flow::Branch,
                "return" | "unreachable" => Flow::End,
                _ => Flow::Next,
            },
        }
    }

    /// Whether the last of some instructions jumps to one of several places of the same function: by a register to which
    /// a table's entry was added.
    pub(super) fn is_by_table(self, code: &[Instruction]) -> bool {
        let Some((jump, before)) = code.split_last() else { return false };
        let sets = |one: &&Instruction| one.operands.split(", ").next() == Some(&jump.operands);
        let is_sum = || before.iter().rev().find(sets).is_some_and(|one| one.mnemonic == "add");
        self.flow(jump) == Flow::Jump && jump.symbol.is_none() && is_sum()
    }

    /// Whether it multiplies and adds whole vectors, of floats or, but for Arm, of integers. With plain simd128, which has
    /// no such instruction for floats, the multiplications count.
    pub(super) fn is_fma(self, instruction: &Instruction) -> bool {
        let Instruction { mnemonic, operands, .. } = instruction;
        match self {
            Self::X86_64 => {
                (mnemonic.starts_with("vfmadd") || mnemonic == "vpmaddwd") && operands.contains("ymm")
            }
            Self::Aarch64 => mnemonic.starts_with("fmla"),
            Self::Simd128 => wasm::is_multiplication(instruction),
            Self::RelaxedSimd => wasm::is_fma(instruction),
        }
    }

    /// What [`Self::is_fma`] counts.
    pub(super) const fn fmas(self) -> &'static str {
        if matches!(self, Self::Simd128) { "multiplications" } else { "FMAs" }
    }

    /// Whether it moves a value between the stack and a variable: on WebAssembly alone, where most code is that.
    pub(super) fn is_move(self, instruction: &Instruction) -> bool {
        self.is_wasm() && wasm::is_move(instruction)
    }

    /// Whether it reads memory into vector registers, or as an operand of vector arithmetic.
    pub(super) fn is_vector_load(self, instruction: &Instruction) -> bool {
        let Instruction { mnemonic, operands, .. } = instruction;
        match self {
            Self::X86_64 => {
                let (to, from) = operands.split_once(", ").unwrap_or((operands, ""));
                is_x86_vector(to) && from.contains('[')
            }
            Self::Aarch64 => mnemonic.starts_with("ld") && operands.starts_with(['q', 'v', '{']),
            Self::Simd128 | Self::RelaxedSimd => wasm::is_vector_load(instruction),
        }
    }

    /// Whether it moves a vector register to the stack or back. `framed`: the function has a frame pointer. On WebAssembly
    /// the engine spills what it has no register for, which is not seen here; but any vector that is stored counts: an
    /// accumulator that the compiler could make no variable of is stored each time it grows.
    pub(super) fn is_vector_spill(self, instruction: &Instruction, framed: bool) -> bool {
        if self.is_wasm() {
            return wasm::is_vector_store(instruction);
        }
        let Instruction { mnemonic, operands, .. } = instruction;
        let Some((_, address)) = operands.split_once('[') else { return false };
        let base = address.split([' ', ']', ',']).next().unwrap_or_default();
        match self {
            Self::X86_64 => {
                let on_stack = address.contains("rsp") || framed && address.contains("rbp");
                on_stack && operands.split(", ").any(is_x86_vector)
            }
            Self::Aarch64 => {
                let on_stack = base == "sp" || framed && base == "x29";
                let moves = mnemonic.starts_with("ld") || mnemonic.starts_with("st");
                on_stack && moves && operands.split(", ").any(is_aarch64_vector)
            }
            Self::Simd128 | Self::RelaxedSimd => false,
        }
    }

    /// What an instruction does that [`Self::is_vector_spill`].
    pub(super) const fn spilled(self) -> &'static str {
        if self.is_wasm() { "a vector in memory" } else { "a vector register on the stack" }
    }

    /// Whether the function keeps a frame pointer; otherwise its register is one like any other.
    pub(super) fn is_framed(self, function: &Function) -> bool {
        function.code.iter().any(|Instruction { mnemonic, operands, .. }| match self {
            Self::X86_64 => mnemonic == "mov" && operands == "rbp, rsp",
            Self::Aarch64 => matches!(mnemonic.as_str(), "mov" | "add") && operands.starts_with("x29, sp"),
            Self::Simd128 | Self::RelaxedSimd => false,
        })
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target())?;
        if self.features().is_empty() { Ok(()) } else { write!(f, " with {}", self.features()) }
    }
}

fn is_x86_vector(operand: &str) -> bool {
    ["xmm", "ymm", "zmm"].iter().any(|kind| operand.starts_with(kind))
}

/// Not `d8` to `d15`: functions save those for their callers.
fn is_aarch64_vector(operand: &str) -> bool {
    let operand = operand.trim_start_matches(['{', ' ']);
    let number = operand.get(1..).and_then(|rest| rest.split(['.', ' ', '}']).next()?.parse::<u8>().ok());
    match (operand.bytes().next(), number) {
        (Some(b'q' | b'v'), Some(_)) => true,
        (Some(b'd'), Some(number)) => !(8..16).contains(&number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instruction(text: &str) -> Instruction {
        let (mnemonic, operands) = text.split_once(' ').unwrap_or((text, ""));
        Instruction { address: 0, mnemonic: mnemonic.to_owned(), operands: operands.to_owned(), symbol: None }
    }

    #[test]
    fn vector_registers_on_the_stack_are_spills() {
        let spills = |arch: Arch, text, framed| arch.is_vector_spill(&instruction(text), framed);
        for text in [
            "vmovups ymmword ptr [rsp + 0x20], ymm3",
            "vmovaps xmm1, xmmword ptr [rsp]",
            "vfmadd231ps ymm0, ymm1, ymmword ptr [rsp + 0x40]",
        ] {
            assert!(spills(Arch::X86_64, text, false), "{text}");
        }
        assert!(!spills(Arch::X86_64, "mov qword ptr [rsp + 0x20], rax", false));
        assert!(!spills(Arch::X86_64, "vmovups ymm0, ymmword ptr [rdi + 0x20]", false));
        let by_rbp = "vmovups ymm0, ymmword ptr [rbp - 0x20]";
        assert!(spills(Arch::X86_64, by_rbp, true) && !spills(Arch::X86_64, by_rbp, false));

        for text in ["str q0, [sp, #0x10]", "ldp q1, q2, [sp]", "st1 { v0.4s }, [sp]", "str d16, [sp, #8]"] {
            assert!(spills(Arch::Aarch64, text, false), "{text}");
        }
        for text in ["stp d9, d8, [sp, #-0x40]!", "str x0, [sp]", "ldr q0, [x1]", "str q0, [x29, #16]"] {
            assert!(!spills(Arch::Aarch64, text, false), "{text}");
        }
        assert!(spills(Arch::Aarch64, "stur q0, [x29, #-16]", true));
    }

    #[test]
    fn a_jump_by_a_table_stays_in_the_function() {
        let code = |texts: &[&str]| texts.iter().map(|text| instruction(text)).collect::<Vec<_>>();
        let table = ["movsxd rax, dword ptr [rcx + 4*rax]", "add rax, rcx", "nop", "jmp rax"];
        assert!(Arch::X86_64.is_by_table(&code(&table)));
        assert!(!Arch::X86_64.is_by_table(&code(&table[2..])));
        assert!(!Arch::X86_64.is_by_table(&code(&["add rax, rcx", "mov rax, qword ptr [rip]", "jmp rax"])));
        assert!(!Arch::X86_64.is_by_table(&code(&["add rcx, rax", "jmp rax"])));
        assert!(Arch::Aarch64.is_by_table(&code(&["add x9, x9, x10, lsl #2", "br x9"])));
    }

    #[test]
    fn a_frame_pointer_is_one_that_was_made_from_the_stack_pointer() {
        let function = |text| Function {
            name: String::new(),
            aliases: Vec::new(),
            vectors: 0,
            code: vec![instruction("push rbp"), instruction(text)],
        };
        assert!(Arch::X86_64.is_framed(&function("mov rbp, rsp")));
        assert!(!Arch::X86_64.is_framed(&function("mov rbp, rdi")));
        assert!(!Arch::X86_64.is_framed(&function("lea rbp, [rsp + 0x8]")));
        assert!(Arch::Aarch64.is_framed(&function("add x29, sp, #0x10")));
    }

    #[test]
    fn only_vectors_count_as_fmas_and_loads() {
        assert!(Arch::X86_64.is_fma(&instruction("vfmadd231ps ymm0, ymm1, ymm2")));
        assert!(Arch::X86_64.is_fma(&instruction("vpmaddwd ymm0, ymm1, ymm2")));
        assert!(!Arch::X86_64.is_fma(&instruction("vfmadd231ss xmm0, xmm1, xmm2")));
        assert!(Arch::Aarch64.is_fma(&instruction("fmla v0.4s, v1.4s, v2.s[0]")));
        assert!(!Arch::Aarch64.is_fma(&instruction("fmadd s0, s1, s2, s3")));
        assert!(Arch::X86_64.is_vector_load(&instruction("vbroadcastss ymm2, dword ptr [r15 + 4*r13]")));
        assert!(!Arch::X86_64.is_vector_load(&instruction("vmovups ymmword ptr [r15], ymm2")));
        assert!(Arch::Aarch64.is_vector_load(&instruction("ldp q0, q1, [x8], #32")));
        assert!(!Arch::Aarch64.is_vector_load(&instruction("ldr x0, [x8]")));
    }
}
