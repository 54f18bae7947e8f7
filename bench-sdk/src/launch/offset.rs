//! Shifts the stack, so that no figure rests on one lucky alignment.

use std::hint::black_box;

/// Bytes that one level of recursion takes, roughly.
const STEP: usize = 128;

/// Calls the function some bytes further down the stack than it would be.
///
/// After Mytkowicz et al., "Producing Wrong Data Without Doing Anything Obviously Wrong!" (2009):
/// the address of the stack alone can change a figure by several per cent, so every launch draws
/// its own.
pub(super) fn with_stack_offset<R>(bytes: u32, function: impl FnOnce() -> R) -> R {
    let mut function = Some(function);
    let mut result = None;
    descend(bytes as usize / STEP, &mut || {
        if let Some(function) = function.take() {
            result = Some(function());
        }
    });
    // The innermost level calls the closure exactly once.
    result.unwrap_or_else(|| unreachable!("the recursion ends in the call"))
}

#[inline(never)]
fn descend(levels: usize, function: &mut dyn FnMut()) {
    let mut filler = [0_u8; STEP / 2];
    black_box(&mut filler);
    if levels == 0 {
        function();
    } else {
        descend(levels - 1, function);
    }
    // Using the filler after the call keeps this from becoming a loop.
    black_box(&mut filler);
}

#[cfg(test)]
mod tests {
    use super::with_stack_offset;

    #[test]
    fn the_stack_moves_by_about_that_much() {
        let address = |bytes| {
            with_stack_offset(bytes, || {
                let local = 0_u8;
                std::ptr::from_ref(std::hint::black_box(&local)) as usize
            })
        };
        let moved = address(0) - address(64 * 1024);
        assert!((32 * 1024..512 * 1024).contains(&moved), "{moved}");
    }
}
