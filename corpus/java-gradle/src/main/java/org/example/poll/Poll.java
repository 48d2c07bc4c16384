package org.example.poll;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import freemarker.template.Configuration;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.json.JSONObject;

public class Poll {
    static Map<String, Integer> votes(String name) throws IOException {
        Map<String, Integer> votes = new LinkedHashMap<>();
        Path file = Path.of(System.getenv("POLLS"), new File(name).getName() + ".csv");
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, CSVFormat.DEFAULT)) {
            parser.forEach(row -> votes.merge(row.get(0), Integer.parseInt(row.get(1)), Integer::sum));
        }
        return votes;
    }

    static String page(String name) throws Exception {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_33);
        configuration.setClassForTemplateLoading(Poll.class, "/templates");
        StringWriter text = new StringWriter();
        configuration.getTemplate("poll.ftlh").process(Map.of("name", name, "votes", votes(name)), text);
        return text.toString();
    }

    static String list() throws Exception {
        Process process = new ProcessBuilder("ls", System.getenv("POLLS")).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    static String answer(HttpExchange exchange) throws Exception {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getQuery();
        switch (path) {
            case "/": return "polls";
            case "/health": return "ok";
            case "/poll": return page(query);
            case "/poll.json": return new JSONObject(votes(query)).toString();
            case "/list": return list();
            case "/closing": return ZonedDateTime.parse("2024-06-30T22:00:00Z").withZoneSameInstant(ZoneId.of(query)).toString();
            case "/terms": return new String(Poll.class.getResourceAsStream("/terms.txt").readAllBytes(), "windows-1252");
            case "/names": return votes("fruit").keySet().stream().map(String::toUpperCase).collect(Collectors.joining(" "));
            default: return null;
        }
    }

    static void handle(HttpExchange exchange) throws IOException {
        int status = 200;
        String text;
        try {
            text = answer(exchange);
            if (text == null) {
                status = 404;
                text = Files.readString(Path.of("/home/gradle/src/src/main/resources/404.txt"));
            }
        } catch (Exception error) {
            status = 500;
            text = "sorry: " + error.getClass().getSimpleName();
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", Poll::handle);
        server.start();
    }
}
