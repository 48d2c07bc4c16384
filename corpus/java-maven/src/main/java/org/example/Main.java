package org.example;

import com.github.mustachejava.DefaultMustacheFactory;
import com.google.gson.Gson;
import io.javalin.Javalin;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

public final class Main {
    public static void main(String[] args) {
        Javalin app = Javalin.create();
        app.get("/", ctx -> ctx.html("<h1>Quotes</h1>"));
        app.get("/health", ctx -> ctx.result("up"));
        app.get("/quotes", ctx -> ctx.html(page()));
        app.get("/quotes.json", ctx -> ctx.contentType("application/json").result(new Gson().toJson(new Quotes().all())));
        app.get("/count", ctx -> ctx.result(String.valueOf(new Quotes().count(ctx.queryParam("author")))));
        app.get("/zone/{area}/{city}", ctx -> ctx.result(zone(ctx.pathParam("area") + "/" + ctx.pathParam("city"))));
        app.get("/money", ctx -> ctx.result(NumberFormat.getCurrencyInstance(Locale.GERMANY).format(1234.5)));
        app.get("/words/{language}", ctx -> ctx.result(words(ctx.pathParam("language"))));
        app.get("/charset", ctx -> ctx.result(HexFormat.of().formatHex("日本".getBytes(Charset.forName("EUC-JP")))));
        app.get("/sources", ctx -> ctx.result(sources()));
        app.get("/broken", ctx -> { throw new IllegalStateException("out of quotes"); });
        app.post("/upload", ctx -> ctx.result(upload(ctx.bodyAsBytes())));
        app.exception(IllegalStateException.class, (error, ctx) -> ctx.status(500).result("sorry, " + error.getMessage()));
        app.error(404, ctx -> ctx.html("<p>No quote is here.</p>"));
        app.start(7070);
    }

    private static String page() throws Exception {
        StringWriter text = new StringWriter();
        new DefaultMustacheFactory().compile("quotes.mustache").execute(text, Map.of("quotes", new Quotes().all())).flush();
        return text.toString();
    }

    private static String zone(String name) {
        return ZonedDateTime.of(2024, 7, 1, 12, 0, 0, 0, ZoneId.of("UTC"))
            .withZoneSameInstant(ZoneId.of(name))
            .format(DateTimeFormatter.ofPattern("EEEE HH:mm z", Locale.US));
    }

    private static String words(String language) {
        return ResourceBundle.getBundle("words", Locale.forLanguageTag(language)).getString("farewell");
    }

    private static String sources() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "ls src/main/resources | grep mustache").start();
        return new String(process.getInputStream().readAllBytes());
    }

    private static String upload(byte[] body) throws Exception {
        Path file = Files.createTempFile("upload", ".bin");
        Files.write(file, body);
        long size = Files.size(file);
        Files.delete(file);
        return size + " bytes";
    }
}
