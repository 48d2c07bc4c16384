package words;

import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.text.Collator;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;

final class Tools {
    private static final Path DATA = Path.of(System.getenv("DATA_DIR"));

    static String count() throws Exception {
        try (var stream = Files.lines(DATA.resolve("words.txt"))) {
            return stream.filter(line -> line.startsWith("ü")).count() + " words";
        }
    }

    static String picture() throws Exception {
        System.setProperty("java.awt.headless", "true");
        BufferedImage image = new BufferedImage(80, 20, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setFont(new Font("DejaVu Sans", Font.PLAIN, 12));
        graphics.drawString("words", 2, 14);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return new String(out.toByteArray(), 1, 3);
    }

    @SuppressWarnings("unchecked")
    static String plugin(String name) throws Exception {
        return ((Supplier<String>) Class.forName("words." + name).getDeclaredConstructor().newInstance()).get();
    }

    static String zone() {
        return LocalDateTime.of(2024, 1, 1, 0, 0).atZone(ZoneId.of("America/Caracas")).getOffset().toString();
    }

    static String sort() {
        String[] words = {"z", "ö", "a"};
        Arrays.sort(words, Collator.getInstance(new Locale("sv")));
        return String.join("", words);
    }

    static String xml() throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(DATA.resolve("menu.xml").toFile());
        return document.getElementsByTagName("dish").item(1).getTextContent();
    }

    static String sign() throws Exception {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate());
        signature.update(new byte[] {1});
        return signature.sign().length > 60 ? "signed" : "short";
    }

    static String run() throws Exception {
        Process process = new ProcessBuilder("java", "-cp", "out", "words.Main", "none").redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes()).lines().findFirst().orElse("");
    }

    static String compile(String source) throws Exception {
        Path directory = Files.createTempDirectory("compile");
        Path file = Files.writeString(directory.resolve("Made.java"), source);
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", directory.toString(), file.toString());
        return "compiler " + code;
    }
}
