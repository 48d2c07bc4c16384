import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.script.ScriptEngineManager;
import javax.xml.parsers.DocumentBuilderFactory;

/** A server; each route needs something else of the Java run time, when it is first asked. */
public final class Server {
    private static final Map<String, Callable<String>> ROUTES = Map.ofEntries(
        Map.entry("/", () -> "<h1>Java</h1><a href=\"/healthz\">healthz</a>"),
        Map.entry("/healthz", () -> "ok\n"),
        Map.entry("/class", () -> (String) Class.forName("Late").getMethod("text").invoke(null)),
        Map.entry("/resource", () -> new String(Server.class.getResourceAsStream("/letter.txt").readAllBytes())),
        Map.entry("/bundle", () -> ResourceBundle.getBundle("words", Locale.GERMAN).getString("morning")),
        Map.entry("/file", () -> Files.readString(Path.of("resources/letter.txt"))),
        Map.entry("/authorities", Server::authorities),
        Map.entry("/tls", () -> SSLContext.getDefault().getProtocol()),
        Map.entry("/zone", () -> DateTimeFormatter.ofPattern("HH:mm zzz", Locale.US)
            .format(Instant.ofEpochSecond(1500000000).atZone(ZoneId.of("America/New_York")))),
        Map.entry("/locale", () -> NumberFormat.getInstance(Locale.GERMANY).format(1234.5)),
        Map.entry("/charset", () -> hex("日本".getBytes(Charset.forName("EUC-JP")))),
        Map.entry("/xml", () -> DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse("resources/picture.svg").getDocumentElement().getAttribute("width")),
        Map.entry("/digest", () -> hex(MessageDigest.getInstance("SHA3-256").digest(new byte[0])).substring(0, 8)),
        Map.entry("/elliptic", () -> java.security.KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getFormat()),
        Map.entry("/compress", Server::compress),
        Map.entry("/shell", () -> output("sh", "-c", "uname -s; seq 3 | sort -r | head -1")),
        Map.entry("/another", () -> output(System.getProperty("java.home") + "/bin/java", "-cp", "classes", "Late")),
        Map.entry("/lookup", () -> InetAddress.getByName("localhost").getHostAddress()),
        Map.entry("/client", () -> java.net.http.HttpClient.newHttpClient().send(
            java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://localhost:8080/healthz")).build(),
            java.net.http.HttpResponse.BodyHandlers.ofString()).body()),
        Map.entry("/log", () -> java.util.logging.Logger.getLogger("server").getName()),
        Map.entry("/engines", () -> "" + new ScriptEngineManager().getEngineFactories().size()));

    private Server() {}

    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", Server::answer);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        int status = 200;
        String text;
        String path = exchange.getRequestURI().getPath();
        try {
            if (path.equals("/upload")) {
                text = upload(exchange.getRequestBody().readAllBytes());
            } else if (ROUTES.containsKey(path)) {
                text = ROUTES.get(path).call();
            } else {
                status = 404;
                text = Files.readString(Path.of("resources/missing.html"));
            }
        } catch (Throwable error) {
            status = 500;
            text = error.toString();
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        if (path.equals("/")) exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String authorities() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        var manager = (javax.net.ssl.X509TrustManager) factory.getTrustManagers()[0];
        return manager.getAcceptedIssuers().length > 50 ? "authorities" : "none";
    }

    private static String upload(byte[] body) throws IOException {
        Path file = Files.createTempFile("upload", null);
        Files.write(file, body);
        String text = Files.size(file) + " bytes";
        Files.delete(file);
        return text;
    }

    private static String compress() throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(new byte[1000]);
        }
        return bytes.size() < 100 ? "smaller" : "not smaller";
    }

    private static String output(String... command) throws IOException {
        return new String(new ProcessBuilder(command).redirectErrorStream(true).start().getInputStream().readAllBytes());
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
