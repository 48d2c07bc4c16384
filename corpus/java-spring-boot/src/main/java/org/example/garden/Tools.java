package org.example.garden;

import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.context.MessageSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class Tools {
    private final JdbcTemplate database;
    private final MessageSource messages;

    public Tools(JdbcTemplate database, MessageSource messages) {
        this.database = database;
        this.messages = messages;
    }

    @GetMapping("/")
    public String index() {
        return "garden";
    }

    @GetMapping("/plants/{name}")
    public ResponseEntity<?> plant(@PathVariable String name) {
        List<Map<String, Object>> found = database.queryForList("select * from plant where name = ?", name);
        return found.isEmpty()
            ? ResponseEntity.status(HttpStatus.GONE).body(name + " is gone")
            : ResponseEntity.ok(found.get(0));
    }

    @GetMapping("/zone/{area}/{city}")
    public String zone(@PathVariable String area, @PathVariable String city) {
        return Instant.EPOCH.atZone(ZoneId.of(area + "/" + city)).toLocalTime().toString();
    }

    @GetMapping("/number/{locale}")
    public String number(@PathVariable String locale) {
        return NumberFormat.getInstance(Locale.forLanguageTag(locale)).format(12345.5);
    }

    @GetMapping("/greeting/{locale}")
    public String greeting(@PathVariable String locale) {
        return messages.getMessage("greeting", null, Locale.forLanguageTag(locale));
    }

    @GetMapping("/rules")
    public String rules() throws Exception {
        return new ClassPathResource("rules.txt").getContentAsString(StandardCharsets.UTF_8);
    }

    @GetMapping("/kernel")
    public String kernel() throws Exception {
        Process process = new ProcessBuilder("bash", "-c", "echo $((6 * 7)) | sed s/^/answer:/").start();
        return new String(process.getInputStream().readAllBytes());
    }

    @PostMapping("/reverse")
    public String reverse(@RequestBody byte[] body) {
        return new StringBuilder(new String(body, StandardCharsets.UTF_8)).reverse().toString();
    }
}
