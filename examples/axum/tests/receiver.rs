//! The program itself, over real sockets: what it answers, what it keeps, and that it ends in order.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use paysign::{AppKey, alarm};
use paysign_axum::Store;

const APP_ID: &str = "wxf8b4f85f3a794e77";
const PATH: &str = "/wxpay/alarm";
type Outcome = Result<(), Box<dyn Error>>;

struct Server {
    child: Child,
    address: String,
    file: PathBuf,
}

impl Server {
    fn start(name: &str) -> Result<Self, Box<dyn Error>> {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.db"));
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_paysign-axum"))
            .env("APP_ID", APP_ID)
            .env("PAY_SIGN_KEY", "k".repeat(128))
            .env("ALARMS_DB", &file)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening at http://").and_then(|url| url.strip_suffix(PATH));
        let address = address.ok_or(line.clone())?.to_owned();
        // What it goes on to say must find a reader.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Ok(Self { child, address, file })
    }

    /// Sends this and returns what comes back until the server closes.
    fn exchange(&self, request: &[u8]) -> Result<String, Box<dyn Error>> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(request)?;
        read(&mut stream)
    }

    fn post(&self, body: &str) -> Result<String, Box<dyn Error>> {
        self.exchange(&request("POST", body))
    }

    fn count(&self) -> Result<i64, Box<dyn Error>> {
        Ok(Store::open(&self.file)?.count()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stream: &mut TcpStream) -> Result<String, Box<dyn Error>> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut answer = Vec::new();
    let mut piece = [0; 1_024];
    // What came before the server cut the connection counts, not how it was cut.
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        answer.extend_from_slice(&piece[..length]);
    }
    Ok(String::from_utf8(answer)?)
}

fn request(method: &str, body: &str) -> Vec<u8> {
    let head = format!("{method} {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/xml");
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn alarm_body(content: &str, key: &str) -> Result<String, paysign::Error> {
    let fields =
        [("ErrorType", "1001"), ("Description", "发货超时"), ("AlarmContent", content), ("TimeStamp", "1401159213")];
    alarm::sign_test(&fields, APP_ID, &AppKey::new(key.repeat(128))?)
}

fn is(answer: &str, status: &str, body: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{answer}");
}

#[test]
fn a_genuine_alarm_is_kept_once() -> Outcome {
    let server = Server::start("genuine")?;
    let body = alarm_body("x", "k")?;
    for _ in 0..3 {
        is(&server.post(&body)?, "200", "success");
        assert_eq!(server.count()?, 1);
    }
    is(&server.post(&alarm_body("y", "k")?)?, "200", "success");
    assert_eq!(server.count()?, 2);
    Ok(())
}

#[test]
fn what_is_not_believed_is_refused_alike() -> Outcome {
    let server = Server::start("refused")?;
    let large = "x".repeat(65_537);
    for body in ["", "<html>", &large, &alarm_body("x", "f")?] {
        is(&server.post(body)?, "401", "fail");
    }
    is(&server.exchange(&request("GET", ""))?, "405", "");
    assert_eq!(server.count()?, 0);
    Ok(())
}

#[test]
fn nothing_is_acknowledged_when_the_store_fails() -> Outcome {
    let server = Server::start("store-fails")?;
    rusqlite::Connection::open(&server.file)?.execute_batch("DROP TABLE alarms")?;
    is(&server.post(&alarm_body("x", "k")?)?, "503", "fail");
    Ok(())
}

#[test]
fn what_is_under_way_is_answered_at_the_end() -> Outcome {
    let mut server = Server::start("end")?;
    let request = request("POST", &alarm_body("x", "k")?);
    let (most, rest) = request.split_at(request.len() - 20);
    let mut stream = TcpStream::connect(&server.address)?;
    stream.write_all(most)?;
    // A second request shows that the first one has arrived.
    is(&server.post("<html>")?, "401", "fail");
    let told = Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status()?;
    assert!(told.success());
    while TcpStream::connect(&server.address).is_ok() {
        sleep(Duration::from_millis(10));
    }
    stream.write_all(rest)?;
    is(&read(&mut stream)?, "200", "success");
    assert!(server.child.wait()?.success());
    assert_eq!(server.count()?, 1);
    Ok(())
}
