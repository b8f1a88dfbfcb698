//! What a module without the standard library has to bring along.

/// A quarter of the size of the standard library's, and faster.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A trap, which `pkg-templates/trap.ts` knows. Nobody would read the sentence: without it the module is smaller by all that
/// writes sentences of panics.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
