//! Counts words.
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version, about = "Counts words in files")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Count words that are not stop words
    Count { path: PathBuf, #[arg(long, default_value = "utf-8")] encoding: String },
    /// Count files below a directory
    Files { path: PathBuf },
    /// Who runs this
    Whoami,
}

fn count(path: PathBuf, encoding: &str) -> Result<(), String> {
    let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let codec = encoding_rs::Encoding::for_label(encoding.as_bytes()).ok_or(format!("no encoding {encoding}"))?;
    let (text, _, _) = codec.decode(&bytes);
    let stop = std::fs::read_to_string("/etc/wordcount/stopwords.txt").map_err(|error| error.to_string())?;
    let stop: HashSet<&str> = stop.lines().collect();
    let mut counts = BTreeMap::new();
    for word in regex::Regex::new(r"\w+").unwrap().find_iter(&text.to_lowercase()) {
        if !stop.contains(word.as_str()) {
            *counts.entry(word.as_str().to_string()).or_insert(0) += 1;
        }
    }
    counts.iter().for_each(|(word, count)| println!("{word} {count}"));
    Ok(())
}

fn files(path: PathBuf) -> Result<(), String> {
    let found = walkdir::WalkDir::new(path).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    println!("{} files", found.count());
    Ok(())
}

fn whoami() -> Result<(), String> {
    let output = Command::new("id").arg("-un").output().map_err(|error| error.to_string())?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

fn main() -> ExitCode {
    let done = match Arguments::parse().what {
        What::Count { path, encoding } => count(path, &encoding),
        What::Files { path } => files(path),
        What::Whoami => whoami(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("wordcount: {message}");
            ExitCode::from(3)
        }
    }
}
