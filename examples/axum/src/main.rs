//! `APP_ID=wx… PAY_SIGN_KEY=… cargo run`: an alarm receiver at http://127.0.0.1:8080/wxpay/alarm.

use std::env;
use std::error::Error;
use std::path::Path;

use paysign::AppKey;
use paysign_axum::{Receiver, Store, router};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let path = env::var("ALARMS_DB").unwrap_or_else(|_| "alarms.db".to_owned());
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned()).parse::<u16>()?;
    let receiver = Receiver {
        app_id: variable("APP_ID")?,
        keys: vec![AppKey::new(variable("PAY_SIGN_KEY")?)?],
        store: Store::open(Path::new(&path))?,
    };

    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    println!("listening at http://{}/wxpay/alarm", listener.local_addr()?);
    // Answers what is under way, then ends.
    axum::serve(listener, router(receiver))
        .with_graceful_shutdown(async move {
            terminate.recv().await;
        })
        .await?;
    Ok(())
}
