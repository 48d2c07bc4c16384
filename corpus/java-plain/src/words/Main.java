package words;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

public final class Main {
    interface Page {
        String answer(HttpExchange exchange) throws Exception;
    }

    private static void add(HttpServer server, String path, Page page) {
        server.createContext(path, exchange -> {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            try {
                send(exchange, known ? 200 : 404, known ? page.answer(exchange) : "no such page");
            } catch (Exception error) {
                send(exchange, 500, "sorry: " + error);
            }
        });
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        add(server, "/", exchange -> "words");
        add(server, "/ready", exchange -> "yes");
        add(server, "/count", exchange -> Tools.count());
        add(server, "/picture", exchange -> Tools.picture());
        add(server, "/plugin", exchange -> Tools.plugin(exchange.getRequestURI().getQuery()));
        add(server, "/zone", exchange -> Tools.zone());
        add(server, "/sort", exchange -> Tools.sort());
        add(server, "/xml", exchange -> Tools.xml());
        add(server, "/sign", exchange -> Tools.sign());
        add(server, "/run", exchange -> Tools.run());
        add(server, "/script", exchange -> Tools.compile(new String(exchange.getRequestBody().readAllBytes())));
        server.start();
    }
}
