//! Keeps notes, and digests.
use std::io::Read;
use std::process::Command;

use chrono::TimeZone;
use openssl::hash::{hash, MessageDigest};
use openssl::x509::store::X509StoreBuilder;
use rusqlite::Connection;
use tiny_http::{Method, Request, Response, Server};

type Answer = Result<String, Box<dyn std::error::Error>>;

fn notes() -> Answer {
    let database = Connection::open("notes.db")?;
    let mut query = database.prepare("select title, body from note order by title")?;
    let rows = query.query_map([], |row| Ok(format!("{}: {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

fn digest(body: &[u8]) -> Answer {
    let sum = hash(MessageDigest::sha3_256(), body)?;
    Ok(sum.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn authorities() -> Answer {
    let mut store = X509StoreBuilder::new()?;
    store.set_default_paths()?;
    let text = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt")?;
    Ok(if text.contains("BEGIN CERTIFICATE") { "trusted" } else { "none" }.to_string())
}

fn shell() -> Answer {
    let output = Command::new("openssl").args(["version"]).output()?;
    Ok(String::from_utf8(output.stdout)?.split(' ').next().unwrap_or("").to_string())
}

fn local() -> Answer {
    std::env::set_var("TZ", "Asia/Kabul");
    Ok(chrono::Local.timestamp_opt(0, 0).single().ok_or("no such time")?.format("%H:%M").to_string())
}

fn answer(request: &mut Request) -> Answer {
    let mut body = Vec::new();
    if *request.method() == Method::Post {
        request.as_reader().read_to_end(&mut body)?;
    }
    match request.url() {
        "/" => Ok("vault".into()),
        "/healthz" => Ok("ok".into()),
        "/notes" => notes(),
        "/digest" => digest(&body),
        "/authorities" => authorities(),
        "/openssl" => shell(),
        "/time" => local(),
        "/terms" => Ok(std::fs::read_to_string("data/terms.txt")?),
        "/lost" => Ok(std::fs::read_to_string("data/lost.txt")?),
        _ => Err("nothing is kept here".into()),
    }
}

fn main() {
    let server = Server::http("0.0.0.0:8090").expect("port 8090");
    for mut request in server.incoming_requests() {
        let response = match answer(&mut request) {
            Ok(text) => Response::from_string(text),
            Err(error) => Response::from_string(format!("sorry: {error}")).with_status_code(500),
        };
        let _ = request.respond(response);
    }
}
