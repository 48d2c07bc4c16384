use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use chrono::TimeZone;
use minijinja::{context, path_loader, Environment};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
pub struct Ingredient {
    name: String,
    grams: f64,
}

type Failure = (StatusCode, String);

fn failed(error: impl std::fmt::Display) -> Failure {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("sorry: {error}"))
}

fn rendered(name: &str, values: minijinja::Value) -> Result<Html<String>, Failure> {
    let mut environment = Environment::new();
    environment.set_loader(path_loader("templates"));
    let template = environment.get_template(name).map_err(failed)?;
    template.render(values).map(Html).map_err(failed)
}

async fn ingredients() -> Result<Vec<Ingredient>, Failure> {
    let text = tokio::fs::read_to_string("assets/ingredients.json").await.map_err(failed)?;
    serde_json::from_str(&text).map_err(failed)
}

pub async fn list() -> Result<Html<String>, Failure> {
    rendered("list.html", context! { ingredients => ingredients().await? })
}

pub async fn recipe(Path(name): Path<String>) -> Result<Html<String>, Failure> {
    let text = tokio::fs::read_to_string(format!("assets/{name}.md")).await.map_err(failed)?;
    let mut body = String::new();
    pulldown_cmark::html::push_html(&mut body, pulldown_cmark::Parser::new(&text));
    Ok(Html(body))
}

pub async fn zone(Path((area, city)): Path<(String, String)>) -> Result<String, Failure> {
    let zone: chrono_tz::Tz = format!("{area}/{city}").parse().map_err(failed)?;
    let moment = chrono::Utc.with_ymd_and_hms(2024, 8, 1, 12, 0, 0).unwrap();
    Ok(moment.with_timezone(&zone).format("%H:%M %Z").to_string())
}

pub async fn files() -> Result<Vec<u8>, Failure> {
    let command = tokio::process::Command::new("find").args(["assets", "-name", "*.md"]).output();
    command.await.map(|output| output.stdout).map_err(failed)
}

pub async fn lookup() -> Result<String, Failure> {
    let mut addresses = tokio::net::lookup_host("localhost:80").await.map_err(failed)?;
    Ok(addresses.any(|address| address.is_ipv4()).to_string())
}

pub async fn scale(body: String) -> Result<axum::Json<Vec<Ingredient>>, Failure> {
    let factor: f64 = body.trim().parse().map_err(failed)?;
    let mut all = ingredients().await?;
    all.iter_mut().for_each(|each| each.grams *= factor);
    Ok(axum::Json(all))
}

pub async fn missing() -> impl IntoResponse {
    (StatusCode::NOT_FOUND, rendered("missing.html", context! {}))
}
