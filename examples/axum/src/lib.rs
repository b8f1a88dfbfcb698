//! Receives WeChat's alarms: verified, committed to SQLite, and only then acknowledged.

mod store;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use paysign::{Alarm, AppKey, alarm};

pub use store::Store;

/// A genuine alarm has a few hundred bytes.
const MAX_BODY_BYTES: usize = 65_536;
const READ_TIMEOUT: Duration = Duration::from_secs(10);

type Answer = (StatusCode, &'static str);
const SUCCESS: Answer = (StatusCode::OK, "success");
/// The same for every reason: it must not teach anyone how to forge.
const REFUSED: Answer = (StatusCode::UNAUTHORIZED, "fail");
const TOO_SLOW: Answer = (StatusCode::REQUEST_TIMEOUT, "fail");
/// Nothing is acknowledged, and the sender may try again.
const NOT_STORED: Answer = (StatusCode::SERVICE_UNAVAILABLE, "fail");

/// What the alarms are verified with, and where they are kept.
pub struct Receiver {
    pub app_id: String,
    /// Two while the key is being replaced.
    pub keys: Vec<AppKey>,
    pub store: Store,
}

/// The alarm URL, to be merged into the application's own router.
///
/// The handler takes the body itself: an extractor such as `Json` or `String` would change or refuse the bytes that are
/// signed.
pub fn router(receiver: Receiver) -> Router {
    Router::new().route("/wxpay/alarm", post(receive)).with_state(Arc::new(receiver))
}

async fn receive(State(receiver): State<Arc<Receiver>>, body: Body) -> Answer {
    let body = match tokio::time::timeout(READ_TIMEOUT, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(body)) => body,
        // Too large, or broken off, and then nobody reads the answer.
        Ok(Err(_)) => return REFUSED,
        Err(_) => return TOO_SLOW,
    };
    let alarm = match alarm::verify(&body, &receiver.app_id, &receiver.keys) {
        Ok(alarm) => alarm,
        Err(error) => {
            println!("event refused: {error}");
            return REFUSED;
        }
    };
    // On a thread that may wait for the disk. It goes on when the client leaves, and the alarm is kept all the same.
    let stored = tokio::task::spawn_blocking(move || store(&receiver.store, &alarm)).await;
    match stored {
        Ok(Ok(())) => SUCCESS,
        Ok(Err(error)) => {
            println!("event store failed: {error}");
            NOT_STORED
        }
        Err(_) => NOT_STORED,
    }
}

fn store(store: &Store, alarm: &Alarm) -> rusqlite::Result<()> {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs();
    if store.insert(alarm, now)? {
        // Work on it from the table, not from here: a crash must not lose it.
        println!("event stored: {} {} {}", alarm.error_type, alarm.description, alarm.alarm_content);
    } else {
        println!("event duplicate");
    }
    Ok(())
}
