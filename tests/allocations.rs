//! A search takes the memory that it works in once: a candidate costs none, whether it changes values or settings.

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
    // Every kind of change finds something to do: in values of Chinese and of accents, numbers, escapes and references.
    let fields = Fields::from_iter([
        ("appid", "wxf8b4f85f3a794e77"),
        ("openid", " oX99MDgNcgwnz3zFN3DNmo8uwa-w "),
        ("transid", "1218614901201405273313473135"),
        ("out_trade_no", "Ｎo.００７ %E5%8f%91+%b7%A2&#39;&mdash;"),
        ("deliver_timestamp", "01369745073000000000000"),
        ("deliver_status", "1.0"),
        ("deliver_msg", "已发货 <shipped/>\r\n\"caf\u{E9}\" e\u{301} \\u53d1 \u{1F69A}"),
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

/// How much more often memory was asked for with the larger budget. What is reused may still grow a few times.
#[track_caller]
fn assert_free(fewer: usize, more: usize) {
    let ((tried_before, before), (tried_after, after)) = (run(fewer), run(more));
    assert_eq!((tried_before, tried_after), (fewer, more));
    assert!(after - before < 32, "{} more for {} candidates", after - before, more - fewer);
}

#[test]
fn a_candidate_costs_no_memory() {
    // The tables of GBK are made on first use.
    run(3_000);
    // Settings, and one or two values with them.
    assert_free(3_000, 70_000);
    // Three values: each candidate has values of its own.
    assert_free(73_000, 80_000);
}
