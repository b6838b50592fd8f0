//! Reads the text of `llvm-objdump`.

use super::wasm;
use std::collections::BTreeSet;
use std::fmt;

/// A function's machine code.
#[derive(Debug)]
pub(super) struct Function {
    /// Demangled, with the types that it is compiled for.
    pub(super) name: String,
    /// Functions of the same code, which was kept once.
    pub(super) aliases: Vec<String>,
    /// On WebAssembly, the function's variables that hold vectors; elsewhere none are known.
    pub(super) vectors: usize,
    pub(super) code: Vec<Instruction>,
}

impl Function {
    /// Whether one of its names is among these.
    pub(super) fn is_among(&self, names: &BTreeSet<&str>) -> bool {
        self.aliases.iter().chain([&self.name]).any(|name| names.contains(name.as_str()))
    }

    /// The names that its code refers to.
    pub(super) fn symbols(&self) -> impl Iterator<Item = &str> {
        self.code.iter().filter_map(|instruction| instruction.symbol.as_deref())
    }
}

/// One machine instruction.
#[derive(Debug)]
pub(super) struct Instruction {
    pub(super) address: u64,
    pub(super) mnemonic: String,
    pub(super) operands: String,
    /// What the linker is to fill in: code that is not linked yet calls, and jumps to, nothing else by name.
    pub(super) symbol: Option<String>,
}

impl Instruction {
    /// The addresses that a jump names: one, or on WebAssembly all those of a table.
    pub(super) fn destinations(&self) -> impl Iterator<Item = u64> {
        let operands = self.operands.split(" <").next().unwrap_or_default().split(", ");
        operands.filter_map(|operand| u64::from_str_radix(operand.trim().strip_prefix("0x")?, 16).ok())
    }
}

impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Behind an address stands the name of the function, which is long, and known.
        let operands = self.operands.split(" <").next().unwrap_or_default();
        let symbol = self.symbol.as_ref().map_or(String::new(), |symbol| format!("  {symbol}"));
        write!(f, "{:6x}: {:<14} {operands}{symbol}", self.address, self.mnemonic)
    }
}

/// The functions of a dump made with `--reloc --show-all-symbols`, with the bytes of the instructions or without.
pub(super) fn parse(dump: &str) -> Vec<Function> {
    let mut functions: Vec<Function> = Vec::new();
    for line in dump.lines() {
        if let Some(name) = heading(line) {
            // Names that nothing stands between are those of one function.
            let same = functions.pop_if(|last| last.code.is_empty());
            let aliases =
                same.into_iter().flat_map(|last| [last.aliases, vec![last.name]].concat()).collect();
            functions.push(Function { name: demangled(name), aliases, vectors: 0, code: Vec::new() });
        } else if let (Some(types), Some(function)) = (locals(line), functions.last_mut()) {
            function.vectors = types.split(", ").filter(|kind| *kind == "v128").count();
        } else if let (Some((address, text)), Some(function)) = (addressed(line), functions.last_mut()) {
            if text.starts_with("R_") {
                if let Some(last) = function.code.last_mut() {
                    last.symbol = symbol(text);
                }
            } else {
                function.code.push(instruction(address, text));
            }
        }
    }
    functions
}

/// `0000000000000000 <name>:`
fn heading(line: &str) -> Option<&str> {
    let (address, name) = line.strip_suffix(">:")?.split_once(" <")?;
    u64::from_str_radix(address, 16).is_ok().then_some(name)
}

/// `  .local i32, v128`
fn locals(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix(".local ")
}

/// `  1a:   text`
fn addressed(line: &str) -> Option<(u64, &str)> {
    let (address, text) = line.trim_start().split_once(':')?;
    Some((u64::from_str_radix(address, 16).ok()?, text.trim()))
}

/// `R_KIND\tname-0x4`, or with `+0` in decimal
fn symbol(text: &str) -> Option<String> {
    let (_, symbol) = text.split_once('\t')?;
    // What is to be added to its address.
    let name =
        symbol.rsplit_once(['+', '-']).filter(|(_, number)| number.starts_with(|c: char| c.is_ascii_digit()));
    let name = name.map_or(symbol, |(name, _)| name);
    // A function of the same file may go by the section that it has to itself: `.text.name`.
    Some(demangled(if name.starts_with(".text.") {
        name.find("_R").map_or(name, |at| &name[at..])
    } else {
        name
    }))
}

/// As the source writes it, without the hashes of crates.
fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

/// `fd 85 02`
fn are_bytes(text: &str) -> bool {
    text.split_whitespace().all(|byte| byte.len() == 2 && u8::from_str_radix(byte, 16).is_ok())
}

fn instruction(address: u64, text: &str) -> Instruction {
    // Comments of the disassembler: `# ymm1 = …` on x86, `// =…` on Arm.
    let text = text.split(" # ").next().unwrap_or(text);
    let text = text.split("//").next().unwrap_or(text);
    let (bytes, text) = text.split_once('\t').filter(|(bytes, _)| are_bytes(bytes)).unwrap_or(("", text));
    let (mnemonic, operands) = text.split_once('\t').unwrap_or((text, ""));
    let mnemonic = match mnemonic.trim() {
        "<unknown>" => wasm::name(bytes.trim()).unwrap_or("<unknown>"),
        known => known,
    };
    Instruction {
        address,
        mnemonic: mnemonic.to_owned(),
        operands: operands.replace('\t', " ").trim().to_owned(),
        symbol: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_functions_instructions_and_what_the_linker_fills_in() {
        let dump = "
lib.rlib(a.o):\tfile format elf64-x86-64

Disassembly of section .text.a:

0000000000000000 <_RINvCs1234_1a4loopfEB2_>:
       0:      \tpush\trbp
       a:      \tjb\t0x1c <_RINvCs1234_1a4loopfEB2_+0x1c>
      10:      \tvfmadd213ps\tymm2, ymm6, ymm4 # ymm2 = (ymm6 * ymm2) + ymm4
      16:      \tcall\tqword ptr [rip]  # 0x1c <_RINvCs1234_1a4loopfEB2_+0x1c>
\t\t0000000000000018:  R_X86_64_GOTPCREL\t_RNvNtCs1234_4core9panicking9panic_fmt-0x4
      1c:      \tcall\t0x21 <_RINvCs1234_1a4loopfEB2_+0x21>
\t\t000000000000001d:  R_X86_64_PLT32\t.text.unlikely._RINvCs1234_1a4loopfEB2_+0x4
      21:      \tret

0000000000000000 <b>:
0000000000000000 <c>:
       0:      \ttbz\tw8, #0, 0x8 <c+0x8>
";
        let functions = parse(dump);
        assert_eq!(functions.len(), 2);
        let code = &functions[0].code;
        assert_eq!(functions[0].name, "a::loop::<f32>");
        assert_eq!(code.len(), 6);
        assert_eq!((code[1].address, code[1].destinations().collect()), (0xa, vec![0x1c]));
        assert_eq!(code[2].operands, "ymm2, ymm6, ymm4");
        assert_eq!(code[2].destinations().next(), None);
        let symbols: Vec<_> = functions[0].symbols().collect();
        assert_eq!(symbols, ["core::panicking::panic_fmt", "a::loop::<f32>"]);
        assert_eq!((code[5].mnemonic.as_str(), code[5].symbol.as_deref()), ("ret", None));
        assert_eq!(functions[1].code[0].destinations().next(), Some(8));
        assert_eq!((functions[1].name.as_str(), &functions[1].aliases[..]), ("c", &["b".to_owned()][..]));
        assert!(
            functions[1].is_among(&BTreeSet::from(["b"])) && !functions[0].is_among(&BTreeSet::from(["b"]))
        );
    }
}
