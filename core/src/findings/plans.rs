//! What the findings about plans share.

use crate::phone::plan::Need;

/// A need, for messages.
pub(super) fn word(need: Need) -> &'static str {
    match need {
        Need::Nothing => "nothing",
        Need::Vouched => "vouched",
        Need::Unknown => "unknown",
        Need::Missing => "missing",
        Need::NoTvs => "no-tvs",
    }
}

/// Messages of their own.
pub(super) mod rows {
    use super::word;
    use crate::findings::Arguments;
    use crate::phone::plan::{Import, Move};

    /// Every list that a phone meets.
    pub(in super::super) fn steps(one: &Move<'_, '_>) -> Vec<(&'static str, Arguments)> {
        let row = |step: &crate::phone::plan::Step<'_, '_>| {
            let arguments = Arguments::new()
                .text("file", step.list.artifact.name.as_str())
                .text("kind", step.list.kind_name())
                .text("signer", step.list.signer_name())
                .text("need", word(step.need));
            ("plan-step", arguments)
        };
        one.steps.iter().map(row).collect()
    }

    /// Every certificate that TVS must know.
    pub(in super::super) fn imports(imports: &[Import]) -> Vec<(&'static str, Arguments)> {
        let row = |import: &Import| {
            let arguments = Arguments::new()
                .text("name", import.name.as_str())
                .text("serial", import.serial.as_str())
                .text("stored", word(import.need))
                .text("recovery", if import.recovery { "yes" } else { "no" });
            ("plan-import", arguments)
        };
        imports.iter().map(row).collect()
    }
}
