//! Recipes, served from files.
mod pages;

use axum::routing::{get, post};
use axum::Router;

#[tokio::main]
async fn main() {
    let app = Router::new()
        .route("/", get(|| async { "recipes" }))
        .route("/healthz", get(|| async { "ok" }))
        .route("/recipes", get(pages::list))
        .route("/recipes/:name", get(pages::recipe))
        .route("/zone/:area/:city", get(pages::zone))
        .route("/files", get(pages::files))
        .route("/lookup", get(pages::lookup))
        .route("/scale", post(pages::scale))
        .fallback(pages::missing);
    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.expect("port 3000");
    println!("listening");
    axum::serve(listener, app).await.expect("server");
}
