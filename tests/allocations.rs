//! Changed values cost the search memory once, for all candidates that have them; changed settings cost none.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use paysign::diagnose::{Case, Verdict, diagnose};
use paysign::{Fields, Message};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's allocator; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller promised.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How many candidates were tried with this budget, and how often memory was asked for.
fn run(budget: usize) -> (usize, usize) {
    let fields = Fields::from_iter([
        ("appid", "wxf8b4f85f3a794e77"),
        ("openid", "oX99MDgNcgwnz3zFN3DNmo8uwa-w"),
        ("transid", "111112222233333"),
        ("out_trade_no", "555666uuu"),
        ("deliver_status", "1"),
        ("deliver_msg", "已发货 / shipped"),
    ]);
    let (key, other, given) = ("k9".repeat(64), "s".repeat(32), "0123456789".repeat(4));
    let secrets = [("appKey", key.as_str()), ("appSecret", other.as_str())];
    let case = Case { budget, ..Case::new(Message::DELIVER_NOTIFY, &fields, &secrets, &given) };
    let before = COUNT.get();
    let diagnosis = diagnose(&case);
    let count = COUNT.get() - before;
    assert_eq!(diagnosis.verdict, Verdict::Unexplained);
    (diagnosis.tried, count)
}

#[test]
fn a_candidate_that_changes_settings_costs_no_memory() {
    // The tables of GBK are made on first use.
    run(3_000);
    // Between the two budgets lie triples of settings alone.
    let ((fewer, before), (more, after)) = (run(3_000), run(7_000));
    assert_eq!((fewer, more), (3_000, 7_000));
    // What is reused may still grow a few times.
    assert!(after - before < 32, "{} more for 4,000 candidates", after - before);
}
