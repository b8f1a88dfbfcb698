use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use paysign::Alarm;
use rusqlite::{Connection, ffi};

/// Alarms in a SQLite file.
pub struct Store(Mutex<Connection>);

impl Store {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When it is no database, cannot be written, or does not take the settings that make a commit durable.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // With WAL, anything less can lose what was committed before a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        let synchronous: u8 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        if synchronous != 2 {
            let message = Some("the database does not take synchronous=FULL".to_owned());
            return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_MISUSE), message));
        }
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS alarms (
                dedup_key TEXT PRIMARY KEY,
                error_type TEXT NOT NULL,
                description TEXT NOT NULL,
                alarm_content TEXT NOT NULL,
                time_stamp TEXT NOT NULL,
                received_at INTEGER NOT NULL
            ) STRICT",
        )?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Keeps the alarm, unless it is here already. It is on disk when this returns; `true` is a new one.
    ///
    /// # Errors
    /// When it may not be on disk.
    pub fn insert(&self, alarm: &Alarm, received_at: u64) -> rusqlite::Result<bool> {
        let changed = self.connection().execute(
            "INSERT INTO alarms VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (dedup_key) DO NOTHING",
            (
                &alarm.dedup_key,
                &alarm.error_type,
                &alarm.description,
                &alarm.alarm_content,
                &alarm.time_stamp,
                i64::try_from(received_at).unwrap_or(i64::MAX),
            ),
        )?;
        Ok(changed == 1)
    }

    /// How many alarms are here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count(&self) -> rusqlite::Result<i64> {
        self.connection().query_row("SELECT count(*) FROM alarms", (), |row| row.get(0))
    }

    fn connection(&self) -> std::sync::MutexGuard<'_, Connection> {
        // A statement that panicked left no half of a transaction behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
