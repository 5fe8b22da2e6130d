// Makes a module one that can be stopped at any time. The build script takes this file in.

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, Instruction, MemArg, MemoryType, Module};
use wasmparser::{FunctionBody, Operator, Parser};

/// Bytes of the page of stops, a page of WebAssembly: whole pages of every processor.
const PAGE: u64 = 64 * 1024;

/// What cannot be made stoppable.
type Refused = Error<&'static str>;

/// The module with one more page, the last of those that its memory begins with, and a look into that page at the beginning of
/// each round of each loop and of each function that calls others. Who takes the page away from a running instance
/// stops it with a trap, wherever it is; nothing else is kept there.
///
/// # Errors
/// When `module` is no module with one memory of 32 bits, or a function has more loops than the page has bytes.
pub fn with_stops(module: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut stoppable = Module::new();
    Stops { page: None }.parse_core_module(&mut stoppable, Parser::new(0), module)?;
    Ok(stoppable.finish())
}

struct Stops {
    /// Where the page begins.
    page: Option<u64>,
}

impl Stops {
    /// Looks at byte `number` of the page.
    fn look(&self, function: &mut Function, number: u64) -> Result<(), Refused> {
        let page = self.page.ok_or(Error::UserError("there is no memory"))?;
        if number >= PAGE {
            return Err(Error::UserError("a function has too many loops"));
        }
        let byte = MemArg { offset: page + number, align: 0, memory_index: 0 };
        function.instruction(&Instruction::I32Const(0));
        function.instruction(&Instruction::I32Load8U(byte));
        function.instruction(&Instruction::Drop);
        Ok(())
    }
}

impl Reencode for Stops {
    type Error = &'static str;

    fn memory_type(&mut self, memory: wasmparser::MemoryType) -> Result<MemoryType, Refused> {
        let Some(end) = memory.initial.checked_mul(PAGE).filter(|_| !memory.memory64) else {
            return Err(Error::UserError("the memory is not one of 32 bits"));
        };
        if self.page.replace(end).is_some() {
            return Err(Error::UserError("there are several memories"));
        }
        Ok(MemoryType {
            minimum: memory.initial + 1,
            maximum: memory.maximum.map(|maximum| maximum.saturating_add(1)),
            memory64: false,
            shared: memory.shared,
            page_size_log2: memory.page_size_log2,
        })
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Refused> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        // Each look of a function has a byte of its own: of two loads of one byte with nothing stored in between the compiler
        // drops the second.
        let mut looks = 0..;
        if calls(&body)? {
            self.look(&mut function, looks.next().unwrap_or(PAGE))?;
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let instruction = self.parse_instruction(&mut operators)?;
            function.instruction(&instruction);
            if matches!(instruction, Instruction::Loop(_)) {
                self.look(&mut function, looks.next().unwrap_or(PAGE))?;
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// Whether a function calls any: what does not cannot call itself.
fn calls(body: &FunctionBody<'_>) -> Result<bool, Refused> {
    for operator in body.get_operators_reader()? {
        if matches!(operator?, Operator::Call { .. } | Operator::CallIndirect { .. }) {
            return Ok(true);
        }
    }
    Ok(false)
}
